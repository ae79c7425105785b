import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { type auditLogContract, auditPageSize } from "./contract.ts"
import { listActs } from "./store.ts"

export const auditLogHandlers: Procedures<typeof auditLogContract> = {
  getAuditLog: {
    resources: ({ inputs }) => [resource.auditLog(inputs.serverId)],
    async procedure({ inputs, derived }) {
      await requireServer(derived, derived.requireAuth(), inputs.serverId, "viewAuditLog")

      return listActs(derived.db, { ...inputs, limit: inputs.limit ?? auditPageSize })
    },
  },
}
