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
  /** Tells everyone who reads the channel of a stored change. Must send before it first awaits. */
  announce(message: Message): Promise<void>
  evictions: Evictions
}

/** Commits changes that others depend on. The only way to write to a channel's log, and to end somebody's access. */
export class Publisher {
  readonly #options: PublisherOptions

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Runs `write` in a shared commit; then ends access that it ended, and announces what it changed. Resolves to what
   * it returned, once that is done; rejects with what it threw, and then nothing is stored. `write` may run twice, as
   * `Commits.run` says.
   */
  async publish<Result>(write: (changes: ChangeSet) => Result): Promise<Result> {
    const { db, commits, announce, evictions } = this.#options
    const { changes, result } = await commits.run(() => {
      const changes = new ChangeSet(db)
      return { changes, result: write(changes) }
    })

    // First, so that nobody whose access ended gets the next announcement.
    for (const access of changes.ended) evictions.end(access)
    // All are started before one is awaited: announcements of other commits must not come between.
    const announced = Promise.all(changes.messages.map((message) => announce(message)))
    for (const effect of changes.effects) effect()
    await announced
    return result
  }
}

const deleted = { message: messageDeleted, code: 410 }

/**
 * Publishes a change of one message, and returns the message. Refuses when `write` returns `undefined`: the message
 * went away before the commit. Fails: 410, or as `gone` says.
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
