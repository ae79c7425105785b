import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { inChannel } from "../channels/in-channel.ts"
import { listChannels } from "../channels/store.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { ChannelRetention, retentionContract, ServerRetention } from "./contract.ts"
import { retentionDuty } from "./duty.ts"
import { previewChannel, previewServer } from "./preview.ts"
import {
  findChannelDays,
  findServerDays,
  listDiffering,
  updateChannelDays,
  updateServerDays,
} from "./store.ts"

const followsChannel = "A thread follows the retention of its channel. Change it there"

export const retentionHandlers: Procedures<typeof retentionContract> = {
  getServerRetention: {
    resources: ({ inputs }) => [resource.server(inputs.serverId), resource.channels(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      await requireServer(derived, viewer, inputs.serverId, "manageServer")
      return serverRetention(derived.db, inputs.serverId, viewer.id)
    },
  },

  getChannelRetention: {
    resources: ({ inputs }) => [resource.channel(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, inputs.channelId, "manageChannels")
      if (channel.parentId) throw new Refusal(followsChannel, 400)
      return channelRetention(derived.db, channel)
    },
  },

  previewServerRetention: {
    async procedure({ inputs, derived }) {
      const { serverId, messageDays = null, fileDays = null } = inputs
      await requireServer(derived, derived.requireAuth(), serverId, "manageServer")
      const days = { messageDays, fileDays }
      return previewServer(derived.db, { serverId, days, now: new Date() })
    },
  },

  previewChannelRetention: {
    async procedure({ inputs, derived }) {
      const { channelId, messageDays, fileDays } = inputs
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, channelId, "manageChannels")
      if (channel.parentId) throw new Refusal(followsChannel, 400)

      const { server } = await channelRetention(derived.db, channel)
      const days = {
        messageDays: messageDays ?? server.messageDays,
        fileDays: fileDays ?? server.fileDays,
      }
      return previewChannel(derived.db, { channelId, days, now: new Date() })
    },
  },

  setServerRetention: {
    resources: ({ inputs }) => changedIn(inputs.serverId),
    async procedure({ inputs, derived }) {
      const { serverId, reason, ...days } = inputs
      const viewer = derived.requireAuth()
      await requireServer(derived, viewer, serverId, "manageServer")

      const stored = await derived.publisher.decide(async ({ tx }) => {
        await requireServer({ db: tx }, viewer, serverId, "manageServer")
        const changes = changesOf({ ...(await findServerDays(tx, serverId)) }, days)
        if (Object.keys(changes).length > 0) {
          await updateServerDays(tx, serverId, days)
          await recordAct(tx, { serverId, actor: viewer, action: "server.retention", changes, reason })
        }
        return serverRetention(tx, serverId, viewer.id)
      })
      derived.workers.get(retentionDuty).ask()
      return stored
    },
  },

  setChannelRetention: {
    resources: ({ inputs }) => [resource.channel(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const { channelId, reason, ...days } = inputs
      const allowed = { channelId, action: "manageChannels" } as const
      const stored = await inChannel(derived, allowed, async ({ tx }, { viewer, access: { channel } }) => {
        if (channel.parentId) throw new Refusal(followsChannel, 400)
        const changes = changesOf({ ...(await findChannelDays(tx, channelId)) }, days)
        const { serverId, name } = channel
        if (Object.keys(changes).length > 0) {
          await updateChannelDays(tx, channelId, days)
          const target = { id: channelId, name }
          const act = {
            serverId,
            actor: viewer,
            action: "channel.retention",
            target,
            changes,
            reason,
          } as const
          await recordAct(tx, act)
        }
        return channelRetention(tx, channel)
      })
      derived.workers.get(retentionDuty).ask()
      return stored
    },
  },
}

async function serverRetention(db: Db, serverId: string, viewerId: string): Promise<ServerRetention> {
  const visible = new Map((await listChannels(db, serverId, viewerId)).map(({ id, name }) => [id, name]))
  const differing = await listDiffering(db, serverId)
  const channels = differing.flatMap(({ id: channelId, ...days }) => {
    const name = visible.get(channelId)
    return name === undefined ? [] : [{ channelId, name, ...days }]
  })
  return { ...(await findServerDays(db, serverId)), channels }
}

async function channelRetention(
  db: Db,
  { id, serverId }: { id: string; serverId: string },
): Promise<ChannelRetention> {
  return { ...(await findChannelDays(db, id)), server: await findServerDays(db, serverId) }
}

function changedIn(serverId: string): Resource[] {
  return [resource.server(serverId), resource.auditLog(serverId)]
}
