import { changesOf, recordAct } from "../audit-log/store.ts"
import { findInstance } from "../instance/store.ts"
import { requireServerCreation } from "../permissions/administrators.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { noSuchServer } from "../permissions/wording.ts"
import type { Procedures } from "../services.ts"
import { maxServersOwned, type serversContract } from "./contract.ts"
import { deleteServer, insertServer, listServers, listServersOwned, updateServerName } from "./store.ts"

export const serversHandlers: Procedures<typeof serversContract> = {
  getServers: {
    resources: ({ ctx }) => [resource.servers(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listServers(derived.db, derived.requireAuth().id)
    },
  },

  createServer: {
    resources: ({ ctx, outputs }) => [resource.servers(ctx.viewer?.id), resource.server(outputs.id)],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const { serverCreation } = await findInstance(db, derived.config)
      await requireServerCreation(derived, viewer, serverCreation)
      const owned = await listServersOwned(db, viewer.id)
      if (owned.length >= maxServersOwned) error(`You own ${maxServersOwned} servers already`, 400)

      const server = {
        id: crypto.randomUUID(),
        name: inputs.name,
        ownerId: viewer.id,
        createdAt: new Date(),
      }
      return commits.decide((tx) => insertServer(tx, server))
    },
  },

  renameServer: {
    resources: ({ ctx, inputs }) => [
      resource.servers(ctx.viewer?.id),
      resource.server(inputs.serverId),
      resource.auditLog(inputs.serverId),
    ],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { serverId, name } = inputs
      const { server } = await requireServer(derived, viewer, serverId, "manageServer")

      const renamed = await commits.decide(async (tx) => {
        const updated = await updateServerName(tx, serverId, name)
        const changes = changesOf({ name: server.name }, { name })
        if (updated) await recordAct(tx, { serverId, actor: viewer, action: "server.update", changes })
        return updated
      })
      return renamed ?? error(noSuchServer, 404)
    },
  },

  deleteServer: {
    resources: ({ ctx, inputs }) => [
      resource.servers(ctx.viewer?.id),
      resource.server(inputs.serverId),
      resource.channels(inputs.serverId),
    ],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, "deleteServer")
      await derived.publisher.decide((changes) => deleteServer(changes, server.id))
      return null
    },
  },
}
