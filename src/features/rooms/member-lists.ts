import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import {
  type GroupedMember,
  type GroupedMembers,
  type GroupSize,
  listViewersAmong,
  listViewersOf,
} from "../members/listed.ts"
import { isRestrictedChannel } from "../permissions/restricted.ts"
import type { SeenChannel } from "../permissions/store.ts"
import type { Presence } from "../presence/presence.ts"
import { stylesVersion } from "../roles/styles.ts"

/** Members listed in the sidebar of a room; a separate page lists all. */
export const maxMembersInSidebar = 100
const maxChannels = 2000
/** Memory for each cache of lists, in bytes. */
const maxBytes = 16 * 1024 * 1024
/** Approximate memory of a member. */
const memberBytes = 400

/** Those of the members who may view a channel that its room lists, and how many there are. */
export interface MemberList extends Omit<GroupedMembers, "colored"> {
  /** Of the channel or, where all members may view it, of the server. */
  id: string
  /** The version of the colors of names; `undefined` without colors. */
  stylesVersion: string | undefined
  /** How many are not listed: of each group of those who are online, and of those who are not. `undefined` for none. */
  unlisted?: { online: GroupSize[]; offline: number }
}

interface Dependencies {
  db: Db
  dataVersions: DataVersions
  presence: Presence
}

/** Caches the members that rooms list: one list for all channels of a server that all its members may view. */
export class MemberLists {
  readonly #dependencies: Dependencies
  readonly #restricted = new Cache<boolean>({ maxEntries: maxChannels })
  readonly #first = new Cache<MemberList>({ maxBytes, bytesOf })
  readonly #withOnline = new Cache<MemberList>({ maxBytes, bytesOf })

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** All who may view a channel or, where they are too many, those who are online first. */
  async of({ serverId, rootId }: Pick<SeenChannel, "serverId" | "rootId">): Promise<MemberList> {
    const { db, dataVersions, presence } = this.#dependencies
    const version = dataVersions.directory
    const isRestricted = await this.#restricted.getOrLoad(rootId, version, () =>
      isRestrictedChannel(db, rootId),
    )
    const id = isRestricted ? rootId : serverId
    const place = { serverId, channelId: rootId }
    const first = await this.#first.getOrLoad(id, version, async () => {
      const { colored, ...list } = await listViewersOf(db, place, maxMembersInSidebar)
      return { id, ...list, stylesVersion: colored.length > 0 ? stylesVersion(colored) : undefined }
    })
    if (first.members.length === first.total) return first

    return this.#withOnline.getOrLoad(id, `${version} online:${presence.listVersion}`, async () => {
      const among = { userIds: presence.online(), limit: maxMembersInSidebar }
      return withOnline(first, await listViewersAmong(db, place, among))
    })
  }
}

/** Lists those who are online in place of as many others. */
function withOnline(
  first: MemberList,
  { members: online, sizes }: Awaited<ReturnType<typeof listViewersAmong>>,
): MemberList {
  const onlineIds = new Set(online.map(({ userId }) => userId))
  const offline = first.members.filter(({ userId }) => !onlineIds.has(userId))
  const members = [...online, ...offline].slice(0, maxMembersInSidebar).sort(inListOrder)
  const unlisted = sizes.map(({ hoistPosition, count }) => {
    const listed = online.filter((member) => member.hoistPosition === hoistPosition).length
    return { hoistPosition, count: count - listed }
  })
  const unlistedOnline = unlisted.reduce((sum, { count }) => sum + count, 0)
  const unlistedOffline = first.total - members.length - unlistedOnline
  return { ...first, members, unlisted: { online: unlisted, offline: unlistedOffline } }
}

function inListOrder(a: GroupedMember, b: GroupedMember): number {
  return b.hoistPosition - a.hoistPosition || (a.username < b.username ? -1 : 1)
}

function bytesOf({ members }: MemberList): number {
  return members.length * memberBytes
}
