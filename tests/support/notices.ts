import { pushSubscriptions } from "../../drizzle/schema.ts"
import type { Commits } from "../../src/db/database.ts"
import type { Notice } from "../../src/features/notifications/notices.ts"
import { Notifier } from "../../src/features/notifications/notifier.ts"
import type { Person, TestChat } from "./chat.ts"
import { readRows } from "./test-database.ts"

/** Notices in words: who, why and of what, and whether they show up. */
export async function noticesOf(app: TestChat, told: Notice[]): Promise<string[]> {
  const people = await readRows(app.chat, "select id, username from users")
  const texts = await readRows(app.chat, "select id, content from messages")
  const name = (id: string) => people.find((one) => one.id === id)?.username
  const text = (id: string) => texts.find((one) => one.id === id)?.content
  return told.map(
    ({ userId, reason, message, isPushed }) =>
      `${name(userId)}: ${reason} of ${text(message.id)}${isPushed ? "" : ", silently"}`,
  )
}

/** A notifier that begins now, and what it tells. */
export async function watch(
  { chat }: TestChat,
  { commits = chat.commits, now }: { commits?: Commits; now?: () => Date } = {},
) {
  const told: Notice[] = []
  const notifier = new Notifier(
    { ...chat, db: chat.db, commits },
    {
      now,
      sinks: [async (_tx, notices) => told.push(...notices)],
    },
  )
  await notifier.wake()
  return {
    told,
    notifier,
    async take() {
      await notifier.wake()
      await notifier.settle()
      return told.splice(0)
    },
  }
}

export const addDevice = ({ chat }: TestChat, { id: userId }: Person) =>
  chat.commits.decide((tx) =>
    tx
      .insert(pushSubscriptions)
      .values({
        id: crypto.randomUUID(),
        userId,
        endpoint: `https://${userId}.invalid`,
        p256dh: "",
        auth: "",
        name: "",
      })
      .run(),
  )
