import type { AppendOptions, Commits, Tx } from "../db/database.ts"
import { Refusal } from "../kernel/index.ts"
import { ChangeSet } from "./change-set.ts"
import type { Message } from "./messages/contract.ts"
import type { Change } from "./messages/store.ts"
import type { AccessFollower } from "./permissions/access-follower.ts"
import { appendEndedAccess, findAccessHead } from "./permissions/access-log.ts"
import { messageDeleted } from "./permissions/wording.ts"

interface PublisherOptions {
  commits: Commits
  /** Announces a stored change to the channel's subscribers. Must send before it first awaits. */
  announce(message: Message): Promise<void>
  /** Enforces the end of access in this process. */
  access: AccessFollower
  /** With other nodes, which end access too: tells them how far the log of ended access is. */
  announceAccess?(head: number): void
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
  append<Result>(channelId: string, write: Write<Result>, options?: AppendOptions): Promise<Result> {
    return this.#publish((run) => this.#options.commits.append(channelId, run, options), write, true)
  }

  /** Changes several logs, ends access, or writes what depends on other data. */
  decide<Result>(write: Write<Result>): Promise<Result> {
    return this.#publish((run) => this.#options.commits.decide(run), write, false)
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
    isAppend: boolean,
  ): Promise<Result> {
    const { access, announce, announceAccess } = this.#options
    const { changes, result, accessHead } = await commit(async (tx) => {
      const changes = new ChangeSet(tx)
      // What other nodes ended before this commit must be enforced before readers get its messages. Not awaited: it goes
      // out with the first statement of `write`, after the log's lock. Other commits read it only where it matters, since
      // what they read can make them run again.
      const read = announceAccess && isAppend ? findAccessHead(tx) : undefined
      // It may fail before it is awaited: `write` must end first, or its next statement would come after the rollback.
      read?.catch(() => {})
      const result = await write(changes)
      if (changes.ended.length > 0)
        // Last in the commit: what ends access waits here for others that do.
        return { changes, result, accessHead: await appendEndedAccess(tx, changes.ended) }
      if (!announceAccess || changes.messages.length === 0) return { changes, result, accessHead: 0 }
      return { changes, result, accessHead: await (read ?? findAccessHead(tx)) }
    })

    // Evictions come first, so that connections without access do not get the announcements. Usually nothing is awaited.
    if (changes.ended.length > 0) access.apply(accessHead, changes.ended)
    if (access.seq < accessHead) await access.catchUp()
    if (accessHead > 0) announceAccess?.(accessHead)
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
  /** Access that ended up to this number of the log ended before this commit, or with it; 0 where none matters. */
  accessHead: number
}
