import { eq } from "drizzle-orm"
import { linkPreviews, messages, webhookAvatars } from "../../drizzle/schema.ts"
import type { Chat } from "../../src/chat.ts"

/** Shows a preview with a message that is there, picture and all, without telling anybody. */
export async function putPreview(
  { db, commits, storage }: Chat,
  messageId: string,
  id: string = crypto.randomUUID(),
): Promise<string> {
  const [url, imageKey] = ["https://example.org/", `previews/${id}`]
  await storage.put(imageKey, new TextEncoder().encode("a picture"))
  await commits.decide((tx) => tx.insert(linkPreviews).values({ id, messageId, url, imageKey }).run())
  const message = await db.select().from(messages).where(eq(messages.id, messageId)).get()
  const extras = { ...message?.extras, previews: [{ id, url, title: "Example" }] }
  await commits.decide((tx) => tx.update(messages).set({ extras }).where(eq(messages.id, messageId)).run())
  return id
}

/** A picture that a webhook of that channel gave its messages. */
export async function putAvatar({ commits, storage }: Chat, channelId: string): Promise<string> {
  const id = crypto.randomUUID()
  const imageKey = `previews/${id}`
  await storage.put(imageKey, new TextEncoder().encode("a picture"))
  await commits.decide((tx) =>
    tx.insert(webhookAvatars).values({ id, channelId, url: "https://example.org/", imageKey }).run(),
  )
  return id
}
