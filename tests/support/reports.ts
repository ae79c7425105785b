import type { Message } from "../../src/features/messages/contract.ts"
import { findMessage } from "../../src/features/messages/store.ts"
import { freeze } from "../../src/features/reports/freeze.ts"
import { insertReport } from "../../src/features/reports/store.ts"
import type { TestChat } from "./chat.ts"

/** bob's report of a message, without its rules. Returns its id. */
export async function putReport(
  { chat, cast, lab, general }: Pick<TestChat, "chat" | "cast" | "lab" | "general">,
  messageId: string,
  reason = "Not friendly",
): Promise<string> {
  const id = crypto.randomUUID()
  const message = (await findMessage(chat.db, messageId)) as Message
  const messages = await freeze(chat.db, message)
  const place = { serverId: lab.id, channelId: general.id }
  await chat.commits.decide((tx) =>
    insertReport(tx, {
      ...{ id, ...place, messageId, authorId: message.userId, reporterId: cast.bob.id, reason, messages },
    }),
  )
  return id
}
