import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { AuditEntry, AuditPage } from "./contract.ts"
import { auditLogHandlers } from "./handlers.ts"
import { auditLogRoutes } from "./routes.tsx"
import { auditTrimmer } from "./trimmer.ts"

/** What people with permissions did in a server. */
export const auditLogFeature: FeatureOf<"audit-log"> = {
  handlers: auditLogHandlers,
  routes: [auditLogRoutes],
  settingsSections: [
    {
      name: "audit-log",
      title: "Audit log",
      order: 75,
      ...{ group: "Moderation", about: "Actions of moderators, with their reasons" },
      mayOpen: (standing) => can(standing, "viewAuditLog"),
    },
  ],
  workers: [auditTrimmer],
  docs: () =>
    import("./docs.ts").then(({ auditLogDocs }) => ({
      title: "Audit log",
      order: 60,
      procedures: auditLogDocs,
      schemas: { AuditEntry, AuditPage },
    })),
}
