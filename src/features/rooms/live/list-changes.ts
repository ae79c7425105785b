import type { InternalSidekick } from "../../../kernel/index.ts"
import { encodeFrame } from "../../../web/live/frames.ts"
import { ephemeralUpdate, type Update } from "../../../web/live/update.ts"
import { type Resource, resource } from "../../permissions/resources.ts"
import { sidebarResources } from "../fragments.tsx"
import type { Room } from "./room.ts"

/** Resources whose last change is remembered, some 200 bytes each. */
const maxResources = 10_000

/** What the lists around a user's room are made of. */
function resourcesAround(room: Room, userId: string): Resource[] {
  const { serverId } = room
  return [
    ...sidebarResources(room),
    ...[resource.reports(serverId), resource.servers(userId), resource.conversations(userId)],
  ]
}

interface ListChangesOptions {
  /** A page of another node may be that much older than what this node has heard. */
  maxLagMs?: number
  /** A clock in milliseconds that is never set. */
  now?: () => number
}

/**
 * Remembers when the lists around rooms have changed. A page gets their changes once it is live; by how long ago the last one
 * was, it knows whether that was after it had requested what it shows. A time span, because clocks of browsers and nodes differ.
 */
export class ListChanges {
  readonly #maxLagMs: number
  readonly #now: () => number
  /** By resource, the oldest change first. */
  readonly #changedAt = new Map<string, number>()
  /** When what is not remembered may have changed last. */
  #forgottenAt: number

  constructor(
    sidekick: Pick<InternalSidekick, "listenToResources">,
    { maxLagMs = 0, now = () => performance.now() }: ListChangesOptions = {},
  ) {
    this.#maxLagMs = maxLagMs
    this.#now = now
    this.#forgottenAt = now()
    // The names of resources end with their ids.
    const prefixes = resourcesAround({ serverId: "", channelId: "" }, "")
    const isListed = (name: string) => prefixes.some((prefix) => name.startsWith(prefix))
    sidekick.listenToResources({
      listensTo: isListed,
      updated: (name) => isListed(name) && this.#note(name),
    })
  }

  /** How long ago the lists around a user's room changed, for a page that misses no later change. */
  lastAround(room: Room, userId: string): Update {
    const times = resourcesAround(room, userId).map((name) => this.#changedAt.get(name) ?? 0)
    const changedAt = Math.max(this.#forgottenAt, ...times)
    const agoMs = Math.max(0, Math.floor(this.#now() - changedAt - this.#maxLagMs))
    return ephemeralUpdate(encodeFrame({ type: "listsChanged", agoMs }))
  }

  /** Any list may have changed until now. */
  forget(): void {
    this.#changedAt.clear()
    this.#forgottenAt = this.#now()
  }

  #note(name: string): void {
    this.#changedAt.delete(name)
    this.#changedAt.set(name, this.#now())
    const [oldest] = this.#changedAt
    if (this.#changedAt.size <= maxResources || !oldest) return

    const [forgotten, at] = oldest
    this.#changedAt.delete(forgotten)
    this.#forgottenAt = at
  }
}
