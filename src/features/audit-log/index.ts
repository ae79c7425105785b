import type { FeatureOf } from "../feature.ts"
import { AuditEntry, AuditPage } from "./contract.ts"
import { auditLogDocs } from "./docs.ts"
import { auditLogHandlers } from "./handlers.ts"
import { auditTrimmer } from "./trimmer.ts"

/** What people with permissions did in a server. */
export const auditLogFeature: FeatureOf<"audit-log"> = {
  handlers: auditLogHandlers,
  workers: [auditTrimmer],
  docs: { title: "Audit log", order: 60, procedures: auditLogDocs, schemas: { AuditEntry, AuditPage } },
}
