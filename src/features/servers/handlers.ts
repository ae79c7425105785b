import { type InputOf, Refusal } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { findInstance } from "../instance/store.ts"
import { requireServerCreation } from "../permissions/administrators.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { noSuchServer } from "../permissions/wording.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxServersOwned, type Server, type serversContract } from "./contract.ts"
import { setImage } from "./images.ts"
import { orderServers } from "./order.ts"
import {
  deleteServer,
  findServer,
  findSystemChannelId,
  insertServer,
  listServers,
  listServersOwned,
  updateServer,
} from "./store.ts"

export const serversHandlers: Procedures<typeof serversContract> = {
  getServers: {
    resources: ({ ctx }) => [resource.servers(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listServers(derived.db, derived.requireAuth().id)
    },
  },

  orderServers: {
    resources: ({ ctx }) => [resource.servers(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      return derived.commits.decide((tx) => orderServers(tx, viewer.id, inputs.serverIds))
    },
  },

  createServer: {
    resources: ({ ctx, outputs }) => [resource.servers(ctx.viewer?.id), resource.server(outputs.id)],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const { serverCreation } = await findInstance(db, derived.config)
      await requireServerCreation(derived, viewer, serverCreation)
      const server = {
        id: crypto.randomUUID(),
        name: inputs.name,
        ownerId: viewer.id,
        createdAt: new Date(),
      }
      return commits.decide(async (tx) => {
        const owned = await listServersOwned(tx, viewer.id)
        if (owned.length >= maxServersOwned) error(`You own ${maxServersOwned} servers already`, 400)
        return insertServer(tx, server)
      })
    },
  },

  updateServer: {
    resources: ({ ctx, inputs }) => resourcesOf(ctx.viewer?.id, inputs.serverId),
    procedure: ({ inputs, derived }) => changeServer(derived, inputs),
  },

  renameServer: {
    resources: ({ ctx, inputs }) => resourcesOf(ctx.viewer?.id, inputs.serverId),
    procedure: ({ inputs, derived }) => changeServer(derived, inputs),
  },

  getSystemChannel: {
    resources: ({ inputs }) => [resource.server(inputs.serverId)],
    async procedure({ inputs, derived }) {
      await requireServer(derived, derived.requireAuth(), inputs.serverId)
      return { channelId: await findSystemChannelId(derived.db, inputs.serverId) }
    },
  },

  setSystemChannel: {
    resources: ({ inputs }) => [resource.server(inputs.serverId), resource.auditLog(inputs.serverId)],
    procedure: ({ inputs, derived }) => setSystemChannel(derived, inputs),
  },

  removeServerIcon: {
    resources: ({ ctx, inputs }) => resourcesOf(ctx.viewer?.id, inputs.serverId),
    async procedure({ inputs, derived }) {
      return setImage(derived, derived.requireAuth(), { ...inputs, image: "icon", key: null })
    },
  },

  removeServerBanner: {
    resources: ({ ctx, inputs }) => resourcesOf(ctx.viewer?.id, inputs.serverId),
    async procedure({ inputs, derived }) {
      return setImage(derived, derived.requireAuth(), { ...inputs, image: "banner", key: null })
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

const resourcesOf = (viewerId: string | undefined, serverId: string) => [
  resource.servers(viewerId),
  resource.server(serverId),
  resource.auditLog(serverId),
]

async function setSystemChannel(
  derived: Derived,
  { serverId, channelId, reason }: InputOf<typeof serversContract.setSystemChannel>,
): Promise<{ channelId: string | null }> {
  const viewer = derived.requireAuth()
  await requireServer(derived, viewer, serverId, "manageServer")

  return derived.publisher.decide(async ({ tx }) => {
    await requireServer({ db: tx }, viewer, serverId, "manageServer")
    if (channelId !== null) {
      const { channel } = await requireChannel({ db: tx }, viewer, { serverId, channelId })
      if (channel.parentId) throw new Refusal("A thread cannot be the system channel", 400)
    }
    const before = await findSystemChannelId(tx, serverId)
    if (before === channelId) return { channelId }

    await updateServer(tx, serverId, { systemChannelId: channelId })
    const changes = { systemChannelId: { before, after: channelId } }
    await recordAct(tx, { serverId, actor: viewer, action: "server.update", changes, reason })
    return { channelId }
  })
}

async function changeServer(
  derived: Derived,
  { serverId, reason, ...fields }: InputOf<typeof serversContract.updateServer>,
): Promise<Server> {
  const viewer = derived.requireAuth()
  await requireServer(derived, viewer, serverId, "manageServer")

  return derived.publisher.decide(async ({ tx }) => {
    await requireServer({ db: tx }, viewer, serverId, "manageServer")
    const before = await findServer(tx, serverId)
    if (!before) throw new Refusal(noSuchServer, 404)

    const { name, description } = before
    const changes = changesOf({ name, description }, fields)
    if (Object.keys(changes).length === 0) return before

    await recordAct(tx, { serverId, actor: viewer, action: "server.update", changes, reason })
    return (await updateServer(tx, serverId, fields)) ?? before
  })
}
