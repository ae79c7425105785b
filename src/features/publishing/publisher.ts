import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Message } from "../messages/contract.ts"
import type { Change } from "../messages/store.ts"
import { ChangeSet } from "./change-set.ts"

interface PublisherOptions {
  db: Db
  commits: Commits
  /** Tells everyone who reads the channel of a stored change. Must send before it first awaits. */
  announce(message: Message): Promise<void>
}

/** Commits changes that others are told of. The only way to write to a channel's log, and to announce it. */
export class Publisher {
  readonly #options: PublisherOptions

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Runs `write` in a shared commit and announces what it changed. Resolves to what it returned, after the commit is
   * durable and announced; rejects with what it threw, and then nothing is stored. `write` may run twice, as
   * `Commits.run` says.
   */
  async publish<Result>(write: (changes: ChangeSet) => Result): Promise<Result> {
    const { db, commits, announce } = this.#options
    const { changes, result } = await commits.run(() => {
      const changes = new ChangeSet(db)
      return { changes, result: write(changes) }
    })

    for (const effect of changes.effects) effect()
    // All are started before one is awaited: announcements of other commits must not come between.
    await Promise.all(changes.messages.map((message) => announce(message)))
    return result
  }
}

const deleted = { message: "This message was deleted", code: 410 }

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
