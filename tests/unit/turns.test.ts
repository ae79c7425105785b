import { expect, test } from "bun:test"
import type { MessageHooks } from "../../src/features/messages/hooks.ts"
import { sendMessage } from "../../src/features/messages/send.ts"
import { Refusal } from "../../src/kernel/index.ts"
import { createTestChat, expectData } from "../support/chat.ts"

test("an author's messages keep their order, however long the checks of each take", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const checks = new Map<string, PromiseWithResolvers<void>>()
  const slow: MessageHooks = {
    check({ content }) {
      const check = Promise.withResolvers<void>()
      checks.set(content, check)
      return check.promise
    },
  }
  const author = { userId: alice.id, username: "alice" }
  const hooks = [...app.chat.messageHooks, slow]
  const contents = ["one", "two", "refused", "three", "four"]
  const sending = contents.map((content) =>
    sendMessage(app.chat, { room: app.room, author, input: { content }, hooks }).catch(
      ({ message }) => message,
    ),
  )

  // Backwards: the last is ready first, and one in the middle ends while those before it are still checked.
  while (checks.size < contents.length) await new Promise(setImmediate)
  for (const content of contents.toReversed()) {
    if (content === "refused") checks.get(content)?.reject(new Refusal("refused", 400))
    else checks.get(content)?.resolve()
    await new Promise(setImmediate)
  }
  expect(await sending[2]).toBe("refused")
  await Promise.all(sending)

  const stored = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
  expect(stored.map(({ content }) => content)).toEqual(["one", "two", "three", "four"])
})
