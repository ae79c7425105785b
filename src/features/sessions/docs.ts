import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { sessionsContract } from "./contract.ts"

export const sessionsDocs: ProcedureDocs<typeof sessionsContract> = {
  getSessions: {
    summary: "Lists your sessions in browsers and programs, last used first, at most 200",
    examples: [
      {
        input: null,
        output: [
          {
            id: sample.newId,
            createdAt: sample.at,
            updatedAt: sample.at,
            userAgent: "curl/8.5.0",
            ipAddress: "203.0.113.7",
            isCurrent: true,
          },
          {
            id: sample.sessionId,
            createdAt: sample.at,
            updatedAt: sample.at,
            userAgent: null,
            ipAddress: null,
            isCurrent: false,
          },
        ],
      },
    ],
  },
  revokeSession: {
    summary: "Ends one of your sessions with every live connection made with it",
    fails: { 404: "you have no such session" },
    examples: [{ input: { sessionId: sample.sessionId }, output: null }],
  },
  revokeOtherSessions: {
    summary: "Ends all of your sessions except the current one",
    examples: [{ input: null, output: null }],
  },
}
