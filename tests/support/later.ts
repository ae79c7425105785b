import { expectData, type Person } from "./chat.ts"

/** A reminder, a scheduled message and a feed of somebody, for tomorrow. */
export async function putLater({ client }: Person, at: { messageId: string; channelId: string }) {
  const { messageId, channelId } = at
  const dueAt = new Date(Date.now() + 86_400_000)
  const { reminderId } = expectData(await client.mutate("createReminder", { messageId, dueAt }))
  const later = { channelId, content: "later", dueAt }
  const { scheduledId } = expectData(await client.mutate("scheduleMessage", later))
  const { feed } = expectData(await client.mutate("createFeed", { channelId }))
  return { reminderId, scheduledId, feedId: feed.id }
}
