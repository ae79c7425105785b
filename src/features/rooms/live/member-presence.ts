import { memoize } from "../../../cache/memoize.ts"
import type { Update } from "../../../web/live/update.ts"
import { hereUpdate, statusesUpdate } from "../../presence/fragments.tsx"
import type { Presence, Status } from "../../presence/presence.ts"
import type { MemberList, RoomCache } from "../room-cache.tsx"

interface Dependencies {
  roomCache: RoomCache
  presence: Presence
}

/** The statuses of the members that a server's rooms list. Of others nothing is sent, since no page shows them. */
export class MemberSidebarPresence {
  readonly #serverId: string
  readonly #dependencies: Dependencies
  /** The members that `#snapshot` is about. */
  #members: MemberList | null = null
  #snapshot: Update | null = null
  readonly #userIdsOf = memoize(({ members }: MemberList) => new Set(members.map(({ userId }) => userId)))

  constructor(serverId: string, dependencies: Dependencies) {
    this.#serverId = serverId
    this.#dependencies = dependencies
  }

  /** Call it when a user's status changed. */
  noteChange(userId: string): void {
    if (this.#members && this.#userIdsOf(this.#members).has(userId)) this.#snapshot = null
  }

  /** Who is online, for a page that does not know it: the same update for all until a status changes. */
  async snapshot(): Promise<Update> {
    const { presence } = this.#dependencies
    const userIds = await this.#userIds()
    this.#snapshot ??= hereUpdate(
      [...userIds].flatMap((userId) => {
        const status = presence.of(userId)
        return status === "offline" ? [] : [[userId, status]]
      }),
    )
    return this.#snapshot
  }

  /** Changes of status, as far as pages show them. */
  async changes(statuses: Map<string, Status>): Promise<Update[]> {
    const userIds = await this.#userIds()
    const shown = [...statuses].filter(([userId]) => userIds.has(userId))
    return shown.length > 0 ? [statusesUpdate(shown)] : []
  }

  async #userIds(): Promise<Set<string>> {
    const members = await this.#dependencies.roomCache.members(this.#serverId)
    if (members !== this.#members) this.#snapshot = null
    this.#members = members
    return this.#userIdsOf(members)
  }
}
