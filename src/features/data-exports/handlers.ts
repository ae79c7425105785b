import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { recordAct } from "../audit-log/store.ts"
import { requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import { type DataExport, type dataExportsContract, maxExportsPerDay } from "./contract.ts"
import { exportDuty } from "./duty.ts"
import { countExports, insertExport, listExports } from "./store.ts"

export const dataExportsHandlers: Procedures<typeof dataExportsContract> = {
  listDataExports: {
    resources: ({ ctx }) => own(ctx.viewer?.id),
    async procedure({ derived }) {
      return listExports(derived.db, derived.requireAuth().id)
    },
  },

  requestDataExport: {
    resources: ({ ctx }) => own(ctx.viewer?.id),
    async procedure({ derived }) {
      const { id: userId } = derived.requireAuth()
      const requested = await derived.publisher.decide(({ tx }) => request(tx, { userId, serverId: null }))
      derived.workers.get(exportDuty).ask()
      return requested
    },
  },

  requestServerExport: {
    resources: ({ ctx, inputs }) => [...own(ctx.viewer?.id), resource.auditLog(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { serverId } = inputs
      const viewer = derived.requireAuth()
      await requireServer(derived, viewer, serverId, "exportServer")
      await requireRecentConfirmation(derived, viewer)
      const requested = await derived.publisher.decide(async ({ tx }) => {
        await requireServer({ db: tx }, viewer, serverId, "exportServer")
        await recordAct(tx, { serverId, actor: viewer, action: "server.export" })
        return request(tx, { userId: viewer.id, serverId })
      })
      derived.workers.get(exportDuty).ask()
      return requested
    },
  },
}

/** Stores a request. Fails: 409 (one is being made), 429 (too many in a day). */
async function request(tx: Tx, asked: { userId: string; serverId: string | null }): Promise<DataExport> {
  const createdAt = new Date()
  const { pending, today } = await countExports(tx, asked.userId, createdAt)
  if (pending > 0)
    throw new Refusal("An archive is being created for you already. Wait until it is ready", 409)
  if (today >= maxExportsPerDay) {
    throw new Refusal(`You requested ${maxExportsPerDay} archives in the last day. Try again tomorrow`, 429)
  }
  return insertExport(tx, { id: crypto.randomUUID(), ...asked, createdAt })
}

function own(userId: string | undefined): Resource[] {
  return [resource.account(userId)]
}
