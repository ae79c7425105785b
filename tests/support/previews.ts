import { eq } from "drizzle-orm"
import { linkPreviews, messages } from "../../drizzle/schema.ts"
import type { Chat } from "../../src/chat.ts"

/** Shows a preview with a message that is there, picture and all, without telling anybody. */
export async function putPreview(
  { db, storage }: Chat,
  messageId: string,
  id: string = crypto.randomUUID(),
): Promise<string> {
  const [url, imageKey] = ["https://example.org/", `previews/${id}`]
  await storage.put(imageKey, new TextEncoder().encode("a picture"))
  db.insert(linkPreviews).values({ id, messageId, url, imageKey }).run()
  const message = db.select().from(messages).where(eq(messages.id, messageId)).get()
  const extras = { ...message?.extras, previews: [{ id, url, title: "Example" }] }
  db.update(messages).set({ extras }).where(eq(messages.id, messageId)).run()
  return id
}
