import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { polls } from "../../../drizzle/schema.ts"
import { pollCloser } from "../../../src/features/polls/closer.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

interface PollOptions {
  question?: string
  answers?: string[]
  multiple?: boolean
  hours?: number
}

/** Sends a message with a poll; returns its id. Rejects with the fault when it is refused. */
async function sendPoll(app: TestChat, author: Person, options: PollOptions = {}) {
  const id = crypto.randomUUID()
  const poll = { question: "Where do we eat?", answers: ["Inside", "Outside"], ...options }
  const connection = expectConnection(await author.client.connect("chat", app.room, {}))
  await author.client.send("chat", app.room, connection.token, { id, content: "", poll })
  return id
}

const expectConnection = <Result extends { success: boolean }>(result: Result) => {
  if (!result.success) throw new Error("Expected a connection")
  return result as Extract<Result, { success: true }>
}

const vote = ({ client }: Person, messageId: string, answers: number[]) =>
  client.mutate("votePoll", { messageId, answers })
const toggle = ({ client }: Person, messageId: string, answer: number) =>
  client.mutate("togglePollVote", { messageId, answer })

async function pollOf(app: TestChat, id: string) {
  const messages = expectData(await app.cast.alice.client.query("getMessages", { channelId: app.general.id }))
  return messages.find((message) => message.id === id)?.extras?.poll
}

const countsOf = async (app: TestChat, id: string) =>
  (await pollOf(app, id))?.answers.map(({ count }) => count)

/** Lets the time of a poll pass. */
async function expire({ chat }: TestChat, messageId: string): Promise<void> {
  await chat.commits.decide((tx) =>
    tx
      .update(polls)
      .set({ closesAt: new Date(Date.now() - 1) })
      .where(eq(polls.messageId, messageId))
      .run(),
  )
}

test("readers receive the poll, and each vote as a change of its message", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { heard } = await listen(bob, app.room)
  const id = await sendPoll(app, alice)

  expectData(await vote(bob, id, [1]))
  expectData(await vote(bob, id, [1]))
  expectData(await vote(alice, id, [1]))
  expectData(await vote(bob, id, [0]))
  expectData(await vote(bob, id, []))

  const states = heard.map(({ extras }) => [
    extras?.poll?.voters,
    ...(extras?.poll?.answers ?? []).map(({ count, by }) => [count, by.map(({ username }) => username)]),
  ])
  expect(states).toEqual([
    [0, [0, []], [0, []]],
    [1, [0, []], [1, ["bob"]]],
    [2, [0, []], [2, ["bob", "alice"]]],
    [2, [1, ["bob"]], [1, ["alice"]]],
    [1, [0, []], [1, ["alice"]]],
  ])
})

test("a second vote replaces the first where one answer is allowed, and adds to it where several are", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const single = await sendPoll(app, alice)
  const several = await sendPoll(app, alice, { multiple: true })

  for (const id of [single, several]) {
    expectData(await toggle(bob, id, 0))
    expectData(await toggle(bob, id, 1))
  }

  expect(await countsOf(app, single)).toEqual([0, 1])
  expect(await countsOf(app, several)).toEqual([1, 1])
  expect((await pollOf(app, several))?.voters).toBe(1)
  expect((await vote(bob, single, [0, 1])).error).toMatchObject({ code: 400, message: "Choose one answer" })
  expect((await vote(bob, single, [2])).error?.code).toBe(400)
})

test("clicks of one user at the same time leave one consistent vote", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await sendPoll(app, alice)

  await Promise.all([0, 1, 0, 1, 1].map((answer) => toggle(bob, id, answer)))

  const poll = await pollOf(app, id)
  const voters = poll?.answers.map(({ by }) => by.length)
  expect(voters).toEqual(poll?.answers.map(({ count }) => count))
  expect(poll?.answers.reduce((sum, { count }) => sum + count, 0)).toBe(poll?.voters ?? -1)
})

describe("a poll is refused", () => {
  const long = (length: number) => "x".repeat(length)
  test.each<{ name: string; poll: PollOptions; message: string }>([
    { name: "without a question", poll: { question: " \u200b" }, message: "Write a question" },
    { name: "with a long question", poll: { question: long(301) }, message: "Use at most 300 characters" },
    { name: "with one answer", poll: { answers: ["yes"] }, message: "A poll has 2 to 10 answers" },
    {
      name: "with eleven answers",
      poll: { answers: Array.from({ length: 11 }, (_, i) => String(i)) },
      message: "A poll has 2 to 10 answers",
    },
    { name: "with a long answer", poll: { answers: ["a", long(56)] }, message: "Use at most 55 characters" },
    { name: "with an empty answer", poll: { answers: ["a", " "] }, message: "Write an answer" },
    { name: "with the same answer twice", poll: { answers: ["a", "a "] }, message: "Each answer must be" },
    { name: "open for no time", poll: { hours: 0 }, message: "at least 1 hour" },
    { name: "open for 33 days", poll: { hours: 769 }, message: "at most 32 days" },
  ])("$name", async ({ poll, message }) => {
    using app = await createTestChat()
    const { alice } = app.cast

    await expect(sendPoll(app, alice, poll)).rejects.toThrow(message)

    const messages = expectData(await alice.client.query("getMessages", { channelId: app.general.id }))
    expect(messages).toEqual([])
  })

  test("not at the limits", async () => {
    using app = await createTestChat()
    const answers = Array.from({ length: 10 }, (_, i) => `${i}${long(54)}`)

    const id = await sendPoll(app, app.cast.alice, { question: long(300), answers, hours: 768 })

    const poll = await pollOf(app, id)
    expect(poll?.answers).toHaveLength(10)
    const openDays = ((poll?.closesAt.getTime() ?? 0) - Date.now()) / 86_400_000
    expect(Math.round(openDays)).toBe(32)
  })
})

describe("when its time is over, a poll", () => {
  test("takes no vote any more, closes, and its result is announced once", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const id = await sendPoll(app, alice)
    expectData(await vote(bob, id, [1]))
    await expire(app, id)
    const { heard } = await listen(bob, app.room)

    expect((await vote(alice, id, [0])).error).toMatchObject({ code: 409, message: "This poll is closed" })
    const closer = app.chat.workers.get(pollCloser)
    await Promise.all([closer.closeDue(), closer.closeDue()])
    await closer.closeDue()

    const [closed, result, ...others] = heard
    expect(others).toEqual([])
    expect(closed?.extras?.poll?.closedAt).toBeInstanceOf(Date)
    expect(result).toMatchObject({
      userId: alice.id,
      content: "The poll “Where do we eat?” has closed: “Outside” wins with 1 of 1 vote.",
      extras: {
        pollResult: { messageId: id, winners: ["Outside"], count: 1, voters: 1 },
        replyTo: { id },
      },
    })
  })

  test("is closed at the next start when no process ran", async () => {
    using app = await createTestChat()
    const id = await sendPoll(app, app.cast.alice)
    await expire(app, id)
    expect((await pollOf(app, id))?.closedAt).toBeUndefined()

    await app.chat.workers.get(pollCloser).start()

    expect((await pollOf(app, id))?.closedAt).toBeInstanceOf(Date)
  })

  test("has no result when its message was deleted", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const id = await sendPoll(app, alice)
    expectData(await vote(bob, id, [0]))
    await expire(app, id)
    expectData(await alice.client.mutate("deleteMessage", { messageId: id }))
    const { heard } = await listen(bob, app.room)

    await app.chat.workers.get(pollCloser).closeDue()

    expect(heard).toEqual([])
    expect(await app.chat.db.select().from(polls).all()).toEqual([])
    expect((await vote(bob, id, [0])).error?.code).toBe(410)
  })
})

test("its author and the server's owner end a poll, others do not", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const ofAlice = await sendPoll(app, alice)
  const ofBob = await sendPoll(app, bob)
  const ownedByBob = await sendPoll(app, bob)

  const end = ({ client }: Person, messageId: string) => client.mutate("endPoll", { messageId })
  expect((await end(bob, ofAlice)).error).toMatchObject({
    code: 403,
    message: "You may end only your own polls",
  })
  expectData(await end(bob, ownedByBob))
  expectData(await end(alice, ofBob))

  expect((await end(alice, ofBob)).error?.code).toBe(409)
  expect((await pollOf(app, ofAlice))?.closedAt).toBeUndefined()
})

test("polls are found by has:poll, and by their question and answers", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await sendPoll(app, alice, { question: "Which colour?", answers: ["Vermilion", "Verdigris"] })
  const search = async (query: string) => {
    const { results } = expectData(await bob.client.query("searchMessages", { query }))
    return results.map(({ message }) => message.id)
  }

  expect(await search("has:poll")).toEqual([id])
  expect(await search("verdigris")).toEqual([id])
  expect(await search("-has:poll colour")).toEqual([])
})

test("voters are listed by pages", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const id = await sendPoll(app, alice)
  for (const person of [alice, bob]) expectData(await vote(person, id, [0]))
  const query = { messageId: id, answer: 0, limit: 1 }

  const first = expectData(await bob.client.query("getPollVoters", query))
  const after = first.voters[0]?.userId
  const second = expectData(await bob.client.query("getPollVoters", { ...query, after }))

  const usernames = [...first.voters, ...second.voters].map(({ username }) => username)
  expect(usernames.toSorted()).toEqual(["alice", "bob"])
})
