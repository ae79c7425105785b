import type { StoreContent } from "../store.ts"
import type { Trace } from "../trace.ts"
import type { Person, Room } from "../world.ts"
import type { Caller } from "./caller.ts"
import type { Check } from "./check.ts"
import { Rounds } from "./rounds.ts"

/** Edits that are under way while a message is deleted. */
const editsPerMessage = 3
const intervalMs = 100

interface RaceOptions {
  caller: Caller
  author: Person
  room: Room
  trace: Trace
}

/** Edits and deletes the same message at several nodes at once: it must stay deleted, and say nothing any more. */
export class RaceCheck extends Rounds implements Check {
  readonly #options: RaceOptions
  /** Ids of messages whose deletion was confirmed. */
  readonly #deleted = new Set<string>()

  constructor(options: RaceOptions) {
    super(options.caller, intervalMs)
    this.#options = options
  }

  protected step(): Promise<void> {
    return this.#editAndDelete()
  }

  summary() {
    return { "messages edited while deleted": this.#deleted.size }
  }

  async settle(readStore: () => Promise<StoreContent>): Promise<void> {
    const { trace } = this.#options
    for (const { id, deleted, content } of (await readStore()).messages) {
      if (!this.#deleted.has(id) || (deleted && content === "")) continue
      const what = `Was deleted, and is stored as ${JSON.stringify(content)}`
      trace.violation({ kind: "different", who: "edits against a deletion", what, messageId: id })
    }
  }

  async #editAndDelete(): Promise<void> {
    const { caller, author, room } = this.#options
    const messageId = crypto.randomUUID()
    await caller.send(author, room, { id: messageId, content: "first" })
    const edits = Array.from({ length: editsPerMessage }, (_, index) =>
      caller.call(author, (client) => client.mutate("editMessage", { messageId, content: `edit ${index}` })),
    )
    const deleted = await caller.call(author, (client) => client.mutate("deleteMessage", { messageId }))
    await Promise.all(edits)
    if (deleted) this.#deleted.add(messageId)
  }
}
