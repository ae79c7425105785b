import type { Chat } from "../../src/chat.ts"
import { updateExtras } from "../../src/features/messages/store.ts"
import { insertPoll } from "../../src/features/polls/store.ts"

/** Adds an open poll with two answers to a stored message. */
export async function putPoll({ publisher }: Pick<Chat, "publisher">, messageId: string): Promise<void> {
  const closesAt = new Date(Date.now() + 3_600_000)
  const answers = ["Inside", "Outside"].map((text) => ({ text, count: 0, by: [] }))
  const poll = { question: "Where do we eat?", answers, multiple: false, voters: 0, closesAt }
  await publisher.decide(async (changes) => {
    await insertPoll(changes.tx, messageId, closesAt)
    return updateExtras(changes, messageId, (extras) => ({ ...extras, poll }))
  })
}
