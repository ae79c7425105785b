import { expect, test } from "bun:test"
import { servers } from "../../drizzle/schema.ts"
import type { MessageHooks } from "../../src/features/messages/hooks.ts"
import { sendMessage } from "../../src/features/messages/send.ts"
import { Refusal } from "../../src/kernel/index.ts"
import { createTestChat, expectData } from "../support/chat.ts"
import { testOnPostgres } from "../support/test-database.ts"

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

// SQLite has one writer, which takes one message after another.
testOnPostgres(
  "an author's messages keep their order when the rights of one are read again in the commit",
  async () => {
    using app = await createTestChat()
    const { chat, cast, room } = app
    const author = { userId: cast.alice.id, username: "alice" }
    const send = (content: string) => sendMessage(chat, { room, author, input: { content } })
    await send("first")

    // The channel's log is busy, so that both messages wait for the same commit.
    const busy = Promise.withResolvers<void>()
    const writing = chat.publisher.append(room.channelId, () => busy.promise)
    await new Promise(setImmediate)
    const one = send("one")
    await new Promise(setImmediate)
    // What was known of the author when the first was sent is outdated, but not when the second is.
    await chat.commits.decide((tx) => tx.update(servers).set({ name: "Renamed" }).run())
    const two = send("two")
    // More statements than the second needs before it waits for the commit as well.
    for (let turn = 0; turn < 20; turn++) await chat.db.select().from(servers).all()
    busy.resolve()
    await Promise.all([writing, one, two])

    const stored = expectData(await cast.alice.client.query("getMessages", { channelId: room.channelId }))
    expect(stored.map(({ content }) => content)).toEqual(["first", "one", "two"])
  },
)
