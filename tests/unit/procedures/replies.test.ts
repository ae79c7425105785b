import { expect, test } from "bun:test"
import { findMessage, listChanges } from "../../../src/features/messages/store.ts"
import { maxQuotes } from "../../../src/features/replies/hooks.ts"
import { insertReply } from "../../../src/features/replies/store.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { say } from "../../support/say.ts"

const quoteOf = async ({ chat }: TestChat, id: string) => (await findMessage(chat.db, id))?.extras?.replyTo

test("a reply quotes the beginning of what it answers, on one line, and whose it is", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const question = await say(app, alice, `Who  has\n${"very ".repeat(60)}long ||secrets||?`)

  const answer = await say(app, bob, "me", { replyTo: question })

  const quote = await quoteOf(app, answer)
  expect(quote).toMatchObject({ id: question, userId: alice.id, username: "alice" })
  expect(quote?.excerpt).toStartWith("Who has very very")
  expect(quote?.excerpt?.length).toBeLessThanOrEqual(120)
  const hidden = await say(app, alice, "it was ||the butler||")
  const telling = await say(app, bob, "oh", { replyTo: hidden })
  expect((await quoteOf(app, telling))?.excerpt).toBe("it was [spoiler]")
})

test("only a message of the same channel can be answered, and not a deleted one", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const other = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "elsewhere" }),
  )
  const elsewhere = { ...app.room, channelId: other.id }
  const there = await say({ room: elsewhere }, alice, "said elsewhere")
  const gone = await say(app, alice, "gone")
  expectData(await alice.client.mutate("deleteMessage", { messageId: gone }))

  const answers = [
    [there, 404],
    ["none", 404],
    [gone, 410],
  ] as const
  for (const [replyTo, code] of answers) {
    const id = crypto.randomUUID()
    await expect(say(app, bob, "an answer", { replyTo, id })).rejects.toMatchObject({ code })
    expect(await findMessage(app.chat.db, id)).toBeUndefined()
  }
  // What was not to be answered does not keep it from being said.
  expect(await quoteOf(app, await say(app, bob, "an answer"))).toBeUndefined()
})

test("quotes follow what they quote: an edit and a deletion are changes of the answers too", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const question = await say(app, alice, "a secret plan")
  const answers = [
    await say(app, bob, "one", { replyTo: question }),
    await say(app, bob, "two", { replyTo: question }),
  ]
  const bystander = await say(app, bob, "three")
  const hearer = await listen(bob, app.room)

  expectData(await alice.client.mutate("editMessage", { messageId: question, content: "another plan" }))
  for (const id of answers) expect((await quoteOf(app, id))?.excerpt).toBe("another plan")
  expectData(await alice.client.mutate("deleteMessage", { messageId: question }))
  for (const id of answers) {
    expect(await quoteOf(app, id)).toEqual({
      id: question,
      userId: alice.id,
      username: "alice",
      deleted: true,
    })
  }

  // Each change has its number, in the order in which it was told.
  const numbers = hearer.heard.map(({ seq }) => seq)
  expect(numbers).toEqual(Array.from({ length: 6 }, (_, index) => 5 + index))
  expect(hearer.heard.map(({ id }) => id)).not.toContain(bystander)
  const missed = await listChanges(app.chat.db, app.general.id, 4, 100)
  expect(missed.map(({ id }) => id).toSorted()).toEqual([...answers, question].toSorted())
  expect(JSON.stringify(missed)).not.toContain("plan")
})

test("a deleted reply quotes nothing any more, also when the original changes", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const question = await say(app, alice, "question")
  const answer = await say(app, bob, "answer", { replyTo: question })
  expectData(await bob.client.mutate("deleteMessage", { messageId: answer }))
  const before = await findMessage(app.chat.db, answer)

  expectData(await alice.client.mutate("deleteMessage", { messageId: question }))

  expect(await findMessage(app.chat.db, answer)).toEqual(before)
  expect(before?.extras).toBeNull()
})

test("of a message quoted very often, later replies only link to it: nothing is left to follow", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const question = await say(app, alice, "everyone answers this")
  const { commits } = app.chat
  const others: string[] = []
  while (others.length < maxQuotes) others.push(await say(app, bob, "filler"))
  await commits.decide(async (tx) => {
    for (const messageId of others)
      await insertReply(tx, { messageId, quotedId: question, quotedUserId: alice.id })
  })

  const late = await say(app, bob, "late", { replyTo: question })

  expect(await quoteOf(app, late)).toEqual({ id: question })
})
