import type { Db } from "../../../db/open.ts"
import type { Counted } from "../../../db/stamps.ts"
import type { Update } from "../../../web/live/update.ts"
import { listMembers } from "../../members/store.ts"
import { hereUpdate, statusesUpdate } from "../../presence/fragments.tsx"
import type { Presence, Status } from "../../presence/presence.ts"
import { maxMembersBeside } from "../store.ts"

interface Dependencies {
  db: Db
  stamp(of: Counted): string
  presence: Presence
}

/**
 * The members whom pages list beside a server's rooms, and which of them are here. No page shows anyone else's dot, so
 * of all others nothing is told.
 */
export class Beside {
  #listed: { places: string; userIds: Set<string> } | undefined
  #here: Update | undefined

  constructor(
    private readonly serverId: string,
    private readonly dependencies: Dependencies,
  ) {}

  /** To be called with everyone of whom something has become. */
  note(userId: string): void {
    if (this.#listed?.userIds.has(userId) ?? true) this.#here = undefined
  }

  /** Who of them is here, for someone whose page does not know it: the same update to all who come meanwhile. */
  async here(): Promise<Update> {
    const { presence } = this.dependencies
    const userIds = await this.#userIds()
    this.#here ??= hereUpdate(
      [...userIds].flatMap((userId) => {
        const status = presence.of(userId)
        return status === "offline" ? [] : [[userId, status]]
      }),
    )
    return this.#here
  }

  /** What has become of people, as far as pages show it. */
  async changes(statuses: Map<string, Status>): Promise<Update[]> {
    const userIds = await this.#userIds()
    const shown = [...statuses].filter(([userId]) => userIds.has(userId))
    return shown.length > 0 ? [statusesUpdate(shown)] : []
  }

  async #userIds(): Promise<Set<string>> {
    const { db, stamp } = this.dependencies
    const places = stamp("places")
    if (this.#listed?.places === places) return this.#listed.userIds

    const members = await listMembers(db, this.serverId, maxMembersBeside)
    const userIds = new Set(members.map(({ userId }) => userId))
    this.#listed = { places, userIds }
    this.#here = undefined
    return userIds
  }
}
