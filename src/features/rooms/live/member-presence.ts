import { memoize } from "../../../cache/memoize.ts"
import type { Update } from "../../../web/live/update.ts"
import { hereUpdate, statusesUpdate } from "../../presence/fragments.tsx"
import type { Presence } from "../../presence/presence.ts"
import type { MemberList } from "../member-lists.ts"
import type { RoomCache } from "../room-cache.tsx"

interface Dependencies {
  roomCache: RoomCache
  presence: Presence
}

interface Place {
  serverId: string
  /** The channel whose viewers are listed. */
  rootId: string
}

const none: Set<string> = new Set()

/** The statuses of the members that a room lists. Those of other members are not sent: no page shows them. */
export class MemberSidebarPresence {
  readonly #place: Place
  readonly #dependencies: Dependencies
  /** The members in `#snapshot`. */
  #members: MemberList | null = null
  #snapshot: Update | null = null
  /** Those who are in the lists of all pages: these may be older, but not than the last refresh. */
  #listedByAll: Set<string> = none
  readonly #userIdsOf = memoize(({ members }: MemberList) => new Set(members.map(({ userId }) => userId)))

  constructor(place: Place, dependencies: Dependencies) {
    this.#place = place
    this.#dependencies = dependencies
  }

  /** Invalidates the snapshot; call it when a user's status changed. */
  noteChange(userId: string): void {
    if (this.#members && this.#userIdsOf(this.#members).has(userId)) this.#snapshot = null
  }

  /** Who is online, for a page that has just connected. Cached until a status or the list of members changes. */
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

  /**
   * The updates for users whose status has changed; none for members that no page lists. Says the statuses of now: where what
   * was read meanwhile took longer, an older change would come last.
   */
  async changes(changed: Set<string>): Promise<{ updates: Update[]; isListOld: boolean }> {
    const { presence } = this.#dependencies
    const userIds = await this.#userIds()
    const shown = [...changed].filter((userId) => userIds.has(userId))
    return {
      updates: shown.length > 0 ? [statusesUpdate(shown.map((userId) => [userId, presence.of(userId)]))] : [],
      isListOld: this.#members?.unlisted !== undefined && !changed.isSubsetOf(this.#listedByAll),
    }
  }

  /** All pages request their list again. */
  noteRefresh(): void {
    this.#listedByAll = this.#members ? this.#userIdsOf(this.#members) : none
  }

  async #userIds(): Promise<Set<string>> {
    const members = await this.#dependencies.roomCache.members(this.#place)
    const userIds = this.#userIdsOf(members)
    if (members === this.#members) return userIds

    this.#listedByAll = this.#members ? this.#listedByAll.intersection(userIds) : userIds
    this.#snapshot = null
    this.#members = members
    return userIds
  }
}
