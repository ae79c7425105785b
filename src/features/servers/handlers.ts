import { listChannelIds } from "../channels/store.ts"
import { requireOwner } from "../members/policy.ts"
import type { Procedures } from "../services.ts"
import { maxServersOwned, type serversContract } from "./contract.ts"
import { countServersOwned, deleteServer, insertServer, listServers, updateServerName } from "./store.ts"

export const serversHandlers: Procedures<typeof serversContract> = {
  getServers: {
    resources: ({ ctx }) => [`servers/user/${ctx.viewer?.id}`],
    async procedure({ derived }) {
      return listServers(derived.db, derived.requireAuth().id)
    },
  },

  createServer: {
    resources: ({ ctx, outputs }) => [`servers/user/${ctx.viewer?.id}`, `server/${outputs.id}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const owned = await countServersOwned(db, viewer.id)
      if (owned >= maxServersOwned) error(`You own ${maxServersOwned} servers already`, 400)

      const server = {
        id: crypto.randomUUID(),
        name: inputs.name,
        ownerId: viewer.id,
        createdAt: new Date(),
      }
      return commits.run(() => insertServer(db, server))
    },
  },

  renameServer: {
    resources: ({ ctx, inputs }) => [`servers/user/${ctx.viewer?.id}`, `server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      await requireOwner(derived, inputs.serverId, error)

      const server = await commits.run(() => updateServerName(db, inputs.serverId, inputs.name))
      return server ?? error("There is no such server", 404)
    },
  },

  deleteServer: {
    resources: ({ ctx, inputs }) => [
      `servers/user/${ctx.viewer?.id}`,
      `server/${inputs.serverId}`,
      `channels/server/${inputs.serverId}`,
    ],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { serverId } = await requireOwner(derived, inputs.serverId, error)
      const channelIds = await listChannelIds(db, serverId)

      await commits.run(() => deleteServer(db, serverId))
      derived.evictions.serverDeleted(serverId, channelIds)
      return null
    },
  },
}
