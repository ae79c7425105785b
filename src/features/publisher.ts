import type { Commits, Tx } from "../db/database.ts"
import { Refusal } from "../kernel/index.ts"
import { ChangeSet } from "./change-set.ts"
import type { Message } from "./messages/contract.ts"
import type { Change } from "./messages/store.ts"
import type { Evictions } from "./permissions/evictions.ts"
import { messageDeleted } from "./permissions/wording.ts"

interface PublisherOptions {
  commits: Commits
  /** Announces a stored change to the channel's subscribers. Must send before it first awaits. */
  announce(message: Message): Promise<void>
  evictions: Evictions
}

type Write<Result> = (changes: ChangeSet) => Promise<Result>

const deleted = { message: messageDeleted, code: 410 }

/**
 * Commits changes and announces them. The only way to write to a channel's log, and to end access.
 *
 * Each method resolves to the result of `write` after the announcements. When `write` throws, it rejects with that
 * error, and nothing is stored. `write` may run more than once, see `Commits`.
 */
export class Publisher {
  readonly #options: PublisherOptions

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /** Changes the log of one channel. */
  append<Result>(channelId: string, write: Write<Result>): Promise<Result> {
    return this.#publish((run) => this.#options.commits.append(channelId, run), write)
  }

  /** Changes several logs, ends access, or writes what depends on other data. */
  decide<Result>(write: Write<Result>): Promise<Result> {
    return this.#publish((run) => this.#options.commits.decide(run), write)
  }

  /**
   * Changes one message and returns it. `write` returns `undefined` when the message was deleted before the commit: that
   * fails with `gone`. Default: 410.
   */
  async change(
    channelId: string,
    write: Write<Change | undefined>,
    gone: { message: string; code: number } = deleted,
  ): Promise<Message> {
    const change = await this.append(channelId, write)
    if (!change) throw new Refusal(gone.message, gone.code)

    return change.message
  }

  async #publish<Result>(
    commit: (run: (tx: Tx) => Promise<Outcome<Result>>) => Promise<Outcome<Result>>,
    write: Write<Result>,
  ): Promise<Result> {
    const { announce, evictions } = this.#options
    const { changes, result } = await commit(async (tx) => {
      const changes = new ChangeSet(tx)
      return { changes, result: await write(changes) }
    })

    // Evictions come first, so that connections without access do not get the announcements.
    for (const access of changes.ended) evictions.end(access)
    // All are started before one is awaited, so that announcements of other commits do not come between them.
    const announced = Promise.all(changes.messages.map((message) => announce(message)))
    for (const effect of changes.effects) effect()
    await announced
    return result
  }
}

interface Outcome<Result> {
  changes: ChangeSet
  result: Result
}
