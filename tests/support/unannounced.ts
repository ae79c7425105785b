import { ChangeSet } from "../../src/features/change-set.ts"
import { appendMessage } from "../../src/features/messages/append.ts"
import type { TestServer } from "./server.ts"

/** Stores a number of messages without announcing them, as if they had been sent on another node. */
export async function storeUnannounced({ chat, room, cast }: TestServer, count: number): Promise<void> {
  const { id: userId, username } = cast.alice
  const draft = { ...room, userId, username, createdAt: new Date() }
  await chat.commits.decide(async (tx) => {
    for (let number = 1; number <= count; number++)
      await appendMessage(new ChangeSet(tx), {
        ...draft,
        id: crypto.randomUUID(),
        content: `filled ${number}`,
      })
  })
}
