import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { auditLogContract } from "./contract.ts"

export const auditLogDocs: ProcedureDocs<typeof auditLogContract> = {
  getAuditLog: {
    summary: "Lists what people with permissions did in a server, newest first",
    description:
      "Entries cannot be changed or deleted. After 45 days, or the number that `AUDIT_LOG_DAYS` says, they are removed.",
    fails: { 403: "without the permission to view the audit log", 404: "no such server" },
    fields: {
      before: "The `older` of an earlier page",
      limit: "1 to 100; 50 without it",
      actorId: "Only what this person did",
      targetId: "Only what was done to this person, channel, role or message",
    },
    examples: [
      {
        input: { serverId: sample.serverId, action: "server.transfer" },
        output: { entries: [], older: null },
      },
      {
        summary: "Without the permission",
        by: "bob",
        input: { serverId: sample.serverId },
        error: { code: 403, message: "You do not have the permission “View audit log”" },
      },
    ],
  },
}
