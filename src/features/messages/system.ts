import { users } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { webhookPrefix } from "../accounts/contract.ts"
import type { ChangeSet } from "../change-set.ts"
import type { MessageExtras } from "./extras.ts"
import type { MessageHooks } from "./hooks.ts"
import { readOwnMessages } from "./own-messages.ts"
import type { Change } from "./store.ts"
import { createMessage } from "./write.ts"

/** The account of messages that the chat itself writes. Its name is one of those that nobody can choose. */
const systemAuthor = { id: "system", username: `${webhookPrefix}system` }

/** Is it the author of what the chat itself writes? */
export function isOfSystem(userId: string): boolean {
  return userId === systemAuthor.id
}

export interface SystemMessage {
  room: { serverId: string; channelId: string }
  /** Shown as its author. */
  name: string
  content: string
  /** Whom it names. They are not notified. */
  mentions?: MessageExtras["mentions"]
  /** The id of a message in the same channel that is quoted above it. */
  replyTo?: string
  /** Who caused it: they have read it if they had read everything before it. */
  causedBy?: string
}

/**
 * Appends a message of the chat itself; `hooks` are those of the features whose fields it has. `undefined` when the
 * channel was deleted. Runs inside a commit.
 */
export async function appendSystemMessage(
  changes: ChangeSet,
  { room, name, content, mentions, replyTo, causedBy }: SystemMessage,
  hooks: readonly MessageHooks[] = [],
): Promise<Change | undefined> {
  await insertSystemAuthor(changes.tx)
  const draft = {
    ...room,
    id: Bun.randomUUIDv7(),
    userId: systemAuthor.id,
    username: systemAuthor.username,
    content,
    createdAt: new Date(),
    bot: { name },
  }
  const all = [...hooks, { beforeCreate: () => mentions && { mentions } }]
  const change = await createMessage(changes, all, { draft, input: { content, replyTo } })
  if (change && causedBy) await readOwnMessages(changes.tx, [{ ...change.message, userId: causedBy }])
  return change
}

async function insertSystemAuthor(tx: Tx): Promise<void> {
  const { id, username } = systemAuthor
  const account = { id, username, name: username, email: `${username}@users.invalid`, updatedAt: new Date() }
  await tx.insert(users).values(account).onConflictDoNothing().run()
}
