import type { InboxReason } from "../../src/features/inbox/contract.ts"
import { recordInboxItems } from "../../src/features/inbox/store.ts"
import { findMessage } from "../../src/features/messages/store.ts"
import { expectData, type Person, type TestChat } from "./chat.ts"

interface Inputs {
  state?: "open" | "unread" | "done"
  reason?: InboxReason
  serverId?: string
  before?: string
}

export const inboxOf = async ({ client }: Person, inputs: Inputs) =>
  expectData(await client.query("getInbox", inputs))

/** The items of an inbox in words: why, and which message. */
export const inboxItems = async (person: Person, inputs: Inputs = {}) =>
  (await inboxOf(person, inputs)).items.map(({ reason, message }) => `${reason}: ${message.content}`)

/** Adds an item as the notifier does. */
export async function addInboxItem(
  { chat }: TestChat,
  { id: userId }: Person,
  messageId: string,
  reason: InboxReason,
) {
  const message = await findMessage(chat.db, messageId)
  if (!message) throw new Error("There is no such message")
  const { createdAt: at } = message
  await chat.commits.decide((tx) => recordInboxItems(tx, [{ userId, reason, message, at, note: "look" }]))
}

/** Where a thread's messages are sent. */
export const inThread = ({ id, serverId }: { id: string; serverId: string }) => ({
  room: { serverId, channelId: id },
})
