import { permissionsOf } from "../../src/features/permissions/bits.ts"
import type { WireClient } from "../wire.ts"
import type { Room } from "../world.ts"

type Client = WireClient["client"]
type Result = Promise<
  { success: true; data: unknown } | { success: false; error: { message: string; code: number } }
>

/** What rights are changed on: a room of a server, a role, and two categories. */
export interface RightsPlace {
  room: Room
  /** The role that guests have. */
  roleId: string
  /** The room is synced with the first one; the second one is hidden. */
  categories: [open: string, hidden: string]
}

/** One way to take the view of a room from a guest, and to give it back. Each call may be repeated. */
export interface Way {
  name: string
  /** Guests see the room only by what this way takes. */
  prepare?(client: Client, place: RightsPlace): Result
  take(client: Client, place: RightsPlace, userId: string): Result
  giveBack(client: Client, place: RightsPlace, userId: string): Result
  /** Guests of the server lose it too, who are not meant. */
  isForAll?: true
}

const view = String(permissionsOf("viewChannel"))
const memberSilenced = { type: 1, allow: "0", deny: view } as const

const visibleForRole = { type: 0, allow: view, deny: "0" } as const

export const ways: [Way, ...Way[]] = [
  {
    name: "overwrite of a member",
    take: (client, { room }, id) => client.mutate("setOverwrite", { ...room, id, ...memberSilenced }),
    giveBack: (client, { room }, id) =>
      client.mutate("setOverwrite", { ...room, id, ...memberSilenced, deny: "0" }),
  },
  {
    name: "role taken",
    prepare: async (client, { room, roleId }) => {
      await client.mutate("setOverwrite", { ...room, id: roleId, ...visibleForRole })
      return client.mutate("setChannelAccess", { channelId: room.channelId, isPrivate: true })
    },
    take: (client, { room: { serverId }, roleId }, userId) =>
      client.mutate("takeRole", { serverId, roleId, userId }),
    giveBack: async (client, { room: { serverId, channelId }, roleId }, userId) => {
      await client.mutate("giveRole", { serverId, roleId, userId })
      return client.mutate("setChannelAccess", { channelId, isPrivate: false })
    },
  },
  {
    name: "channel made private",
    isForAll: true,
    prepare: (client, { room, roleId }) =>
      client.mutate("setOverwrite", { ...room, id: roleId, type: 0, allow: "0", deny: "0" }),
    take: (client, { room: { channelId } }) =>
      client.mutate("setChannelAccess", { channelId, isPrivate: true }),
    giveBack: (client, { room: { channelId } }) =>
      client.mutate("setChannelAccess", { channelId, isPrivate: false }),
  },
  {
    name: "everyone's role",
    isForAll: true,
    prepare: (client, { room, roleId }) =>
      client.mutate("setOverwrite", { ...room, id: roleId, type: 0, allow: "0", deny: "0" }),
    take: (client, { room: { serverId } }) =>
      client.mutate("updateRole", { serverId, roleId: serverId, permissions: "0" }),
    giveBack: (client, { room: { serverId } }) =>
      client.mutate("updateRole", { serverId, roleId: serverId, permissions: everyones }),
  },
  {
    name: "channel moved to a hidden category",
    isForAll: true,
    prepare: async (client, { room, categories: [categoryId] }) => {
      await move(client, room, categoryId)
      return client.mutate("syncOverwrites", room)
    },
    take: (client, { room, categories: [, hidden] }) => move(client, room, hidden),
    giveBack: (client, { room, categories: [open] }) => move(client, room, open),
  },
]

/** What everyone may do in the server of the check. */
const everyones = String(permissionsOf("viewChannel", "readHistory", "sendMessages"))

function move(client: Client, { serverId, channelId }: Room, categoryId: string): Result {
  return client.mutate("moveChannels", {
    serverId,
    channels: [{ id: channelId, position: 0, categoryId }],
  })
}
