import type { Commits } from "../db/commits.ts"
import type { Db } from "../db/open.ts"
import { Refusal } from "../kernel/index.ts"
import { ChangeSet } from "./change-set.ts"
import type { Message } from "./messages/contract.ts"
import type { Change } from "./messages/store.ts"
import type { Evictions } from "./permissions/evictions.ts"
import { messageDeleted } from "./permissions/wording.ts"

interface PublisherOptions {
  db: Db
  commits: Commits
  /** Announces a stored change to the channel's subscribers. Must send before it first awaits. */
  announce(message: Message): Promise<void>
  evictions: Evictions
}

/** Commits changes and announces them. The only way to write to a channel's log, and to end access. */
export class Publisher {
  readonly #options: PublisherOptions

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Runs `write` in a shared commit; then evicts connections whose access it ended, and announces its changes. Resolves
   * to its result after the announcements. When it throws, rejects with its error, and nothing is stored. `write` may
   * run twice, see `Commits.run`.
   */
  async publish<Result>(write: (changes: ChangeSet) => Result): Promise<Result> {
    const { db, commits, announce, evictions } = this.#options
    const { changes, result } = await commits.run(() => {
      const changes = new ChangeSet(db)
      return { changes, result: write(changes) }
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

const deleted = { message: messageDeleted, code: 410 }

/**
 * Publishes a change of one message, and returns the message. `write` returns `undefined` when the message was deleted
 * before the commit: that fails with `gone`. Default: 410.
 */
export async function publishChange(
  { publisher }: { publisher: Publisher },
  write: (changes: ChangeSet) => Change | undefined,
  gone = deleted,
): Promise<Message> {
  const change = await publisher.publish(write)
  if (!change) throw new Refusal(gone.message, gone.code)

  return change.message
}
