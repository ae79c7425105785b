import { Refusal } from "../../kernel/index.ts"
import { recordAct } from "../audit-log/store.ts"
import { findMember } from "../members/store.ts"
import { can } from "../permissions/can.ts"
import { refreshMember } from "../permissions/derived.ts"
import { requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { watchViewers } from "../permissions/viewers.ts"
import { maxServersOwned } from "../servers/contract.ts"
import { listServersOwned } from "../servers/store.ts"
import type { Procedures } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import type { transfersContract } from "./contract.ts"
import { deleteTransfer, findTransfer, insertTransfer, updateOwner } from "./store.ts"

const noOffer = "There is no such offer. It may have ended"

export const transfersHandlers: Procedures<typeof transfersContract> = {
  getTransfer: {
    resources: ({ inputs }) => [resource.server(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { standing } = await requireServer(derived, viewer, inputs.serverId)
      const transfer = await findTransfer(derived.db, inputs.serverId, new Date())
      const concerns = transfer?.toUserId === viewer.id || can(standing, "transferServer")
      return transfer && concerns ? transfer : null
    },
  },

  transferServer: {
    resources: ({ inputs }) => resourcesOf(inputs.serverId),
    async procedure({ inputs, derived, error }) {
      const { serverId, userId, name } = inputs
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, serverId, "transferServer")
      await requireRecentConfirmation(derived, viewer)
      if (name.trim() !== server.name) error("Type the server's name exactly", 400)
      if (userId === viewer.id) error("You own this server already", 400)

      return derived.publisher.decide(async ({ tx }) => {
        await requireServer({ db: tx }, viewer, serverId, "transferServer")
        const member = await findMember(tx, serverId, userId)
        if (!member) throw new Refusal("There is no such member", 404)
        if (member.isBot) throw new Refusal("A bot cannot own a server. Choose a person", 400)

        const createdAt = new Date()
        await insertTransfer(tx, { serverId, toUserId: userId, createdAt })
        const offered = await findTransfer(tx, serverId, createdAt)
        if (!offered) throw new Error("An offer is gone inside the commit that made it")
        return offered
      })
    },
  },

  acceptServer: {
    resources: ({ inputs, ctx }) => [...resourcesOf(inputs.serverId), resource.servers(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { serverId } = inputs
      const viewer = derived.requireAuth()
      await requireServer(derived, viewer, serverId)

      await derived.publisher.decide(async (changes) => {
        const { tx } = changes
        const { server } = await requireServer({ db: tx }, viewer, serverId)
        const transfer = await findTransfer(tx, serverId, new Date())
        if (transfer?.toUserId !== viewer.id) throw new Refusal(noOffer, 404)
        if ((await listServersOwned(tx, viewer.id)).length >= maxServersOwned) {
          throw new Refusal(`You own ${maxServersOwned} servers already. Delete or hand over one first`, 400)
        }

        const before = await findMember(tx, serverId, server.ownerId)
        await watchViewers(changes, { serverId, userId: server.ownerId }, async () => {
          await updateOwner(tx, serverId, viewer.id)
          await refreshMember(tx, serverId, viewer.id)
          await refreshMember(tx, serverId, server.ownerId)
        })
        await deleteTransfer(tx, serverId)
        await recordAct(tx, {
          ...{ serverId, actor: viewer, action: "server.transfer" },
          target: { id: viewer.id, name: viewer.username },
          changes: { owner: { before: before?.username ?? null, after: viewer.username } },
        })
      })
      return null
    },
  },

  cancelTransfer: {
    resources: ({ inputs }) => resourcesOf(inputs.serverId),
    async procedure({ inputs, derived }) {
      const { serverId } = inputs
      const viewer = derived.requireAuth()
      await requireServer(derived, viewer, serverId)

      await derived.publisher.decide(async ({ tx }) => {
        const { standing } = await requireServer({ db: tx }, viewer, serverId)
        const transfer = await findTransfer(tx, serverId, new Date())
        const isTheirs = transfer?.toUserId === viewer.id || can(standing, "transferServer")
        if (!transfer || !isTheirs) throw new Refusal(noOffer, 404)

        await deleteTransfer(tx, serverId)
      })
      return null
    },
  },
}

function resourcesOf(serverId: string): Resource[] {
  return [resource.server(serverId), resource.members(serverId), resource.auditLog(serverId)]
}
