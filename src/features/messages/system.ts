import { users } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { webhookPrefix } from "../accounts/contract.ts"
import type { ChangeSet } from "../change-set.ts"
import type { MessageExtras } from "./extras.ts"
import type { Change } from "./store.ts"
import { createMessage } from "./write.ts"

/** The account of messages that the chat itself writes. Its name is one of those that nobody can choose. */
const systemAuthor = { id: "system", username: `${webhookPrefix}system` }

interface SystemMessage {
  room: { serverId: string; channelId: string }
  /** Shown as its author. */
  name: string
  content: string
  /** Whom it names. They are not notified. */
  mentions?: MessageExtras["mentions"]
}

/** Appends a message of the chat itself. `undefined` when the channel was deleted. Runs inside a commit. */
export async function appendSystemMessage(
  changes: ChangeSet,
  { room, name, content, mentions }: SystemMessage,
): Promise<Change | undefined> {
  await insertSystemAuthor(changes.tx)
  const draft = {
    ...room,
    id: crypto.randomUUID(),
    userId: systemAuthor.id,
    username: systemAuthor.username,
    content,
    createdAt: new Date(),
    bot: { name },
  }
  const hooks = [{ beforeCreate: () => mentions && { mentions } }]
  return createMessage(changes, hooks, { draft, input: { content } })
}

async function insertSystemAuthor(tx: Tx): Promise<void> {
  const { id, username } = systemAuthor
  const account = { id, username, name: username, email: `${username}@users.invalid`, updatedAt: new Date() }
  await tx.insert(users).values(account).onConflictDoNothing().run()
}
