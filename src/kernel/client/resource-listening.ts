import { type ClientFrame, type ClientToSidekickConnection, maxResourcesPerFrame } from "../wire.ts"
import type { Link } from "./link.ts"

/** Listens to resources at the sidekick, each once, however many live queries depend on it. */
export class ResourceListening {
  readonly #sidekick: ClientToSidekickConnection
  readonly #link: Link
  /** How many live queries depend on a resource. */
  readonly #counts = new Map<string, number>()

  constructor(sidekick: ClientToSidekickConnection, link: Link) {
    this.#sidekick = sidekick
    this.#link = link
  }

  /** Handles a change of the resources that one live query depends on. */
  change(before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    const added = [...after].filter((resource) => !before.has(resource) && this.#count(resource, +1) === 1)
    const removed = [...before].filter((resource) => !after.has(resource) && this.#count(resource, -1) === 0)
    if (added.length > 0) this.#send({ type: "listen", resources: added })
    // On a lost link there is nothing to end: `restore` will not listen to it again.
    if (removed.length > 0 && this.#link.isOpen) this.#send({ type: "unlisten", resources: removed })
  }

  /** Listens again to everything, on a new link. */
  restore(): void {
    const resources = [...this.#counts.keys()]
    for (let from = 0; from < resources.length; from += maxResourcesPerFrame) {
      this.#send({ type: "listen", resources: resources.slice(from, from + maxResourcesPerFrame) })
    }
  }

  #send(frame: ClientFrame): void {
    if (this.#link.isOpen) this.#sidekick.sendMessage(frame)
    // Opening the link calls `restore`, which sends this frame too.
    else this.#link.whenOpen().catch(() => {})
  }

  #count(resource: string, change: number): number {
    const count = (this.#counts.get(resource) ?? 0) + change
    if (count > 0) this.#counts.set(resource, count)
    else this.#counts.delete(resource)

    return count
  }
}
