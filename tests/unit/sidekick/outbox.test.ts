import { expect, test } from "bun:test"
import { Outbox, type OutboxItem } from "../../../src/sidekick/outbox.ts"
import { until } from "../../support/listen.ts"

interface SentBatch {
  bodies: string[]
  number: number
}

/** An outbox, the batches it sent, and a sidekick whose responses the test decides. */
function createOutbox() {
  const sent: SentBatch[] = []
  const events: string[] = []
  const waiting: ((failure: Error | null) => void)[] = []
  const outbox = new Outbox({
    send(items, number) {
      sent.push({ bodies: items.map(({ body }) => body), number })
      return new Promise((resolve) => waiting.push(resolve))
    },
    onDown: ({ message }) => events.push(`down: ${message}`),
    onUp: (lost) => events.push(`up, ${lost} lost`),
    onOverflow: () => events.push("overflow"),
  })
  /** Lets the batch that is under way arrive, or fail. */
  async function answer(failure: Error | null = null) {
    await until("a batch is under way", () => waiting.length > 0)
    waiting.shift()?.(failure)
    await Bun.sleep(0)
  }
  return { outbox, sent, events, answer, isIdle: () => waiting.length === 0 }
}

const message = (body: string): OutboxItem => ({ path: "/message", body })
const failure = new Error("refused")

test("items added while a batch is under way go with the next one, in order", async () => {
  const { outbox, sent, answer } = createOutbox()

  for (const body of ["1", "2", "3"]) outbox.add(message(body))
  await answer()
  await answer()

  expect(sent).toEqual([
    { bodies: ["1"], number: 1 },
    { bodies: ["2", "3"], number: 2 },
  ])
})

test("a batch is bounded, and a longer item goes alone", async () => {
  const { outbox, sent, answer } = createOutbox()

  outbox.add(message("first"))
  for (let count = 0; count < 600; count++) outbox.add(message("short"))
  outbox.add(message("x".repeat(600_000)))
  outbox.add(message("last"))
  for (let count = 0; count < 5; count++) await answer()

  expect(sent.map(({ bodies }) => bodies.length)).toEqual([1, 500, 100, 1, 1])
})

test("a failed batch settles its grants, skips a number for lost items, and does not block", async () => {
  const { outbox, sent, events, answer, isIdle } = createOutbox()
  const answers: (string | null)[] = []
  const grant = (body: string): OutboxItem => ({
    path: "/connection",
    body,
    settle: (reason) => answers.push(reason?.message ?? null),
  })

  outbox.add(message("arrives"))
  outbox.add(grant("too"))
  outbox.add(message("and this"))
  await answer()
  await answer(failure)
  outbox.add(grant("in vain"))
  outbox.add(message("lost"))

  expect(answers).toEqual(["refused", "The sidekick cannot be reached"])
  expect(isIdle()).toBe(true)
  await answer()
  expect(events).toEqual(["down: refused", "up, 2 lost"])
  outbox.add(message("on"))
  await answer()
  const numbers = sent.map(({ number }) => number)
  expect(sent.map(({ bodies }) => bodies)).toEqual([["arrives"], ["too", "and this"], [], ["on"]])
  // The heartbeat's number is higher than the lost batch's, so the sidekick notices.
  expect(numbers[2]).toBeGreaterThan(numbers[1] ?? 0)
  expect(numbers[3]).toBe((numbers[2] ?? 0) + 1)
})

test("a failed batch of grants skips no number, because the clients got an error", async () => {
  const { outbox, sent, answer } = createOutbox()

  outbox.add({ path: "/connection", body: "in vain", settle: () => {} })
  await answer(failure)
  await answer()
  outbox.add(message("next"))
  await answer()

  expect(sent.map(({ number }) => number)).toEqual([0, 0, 1])
})

test("messages added during a retry are not lost when it succeeds", async () => {
  const { outbox, sent, events, answer } = createOutbox()
  const refused: (string | null)[] = []

  outbox.add(message("lost"))
  await answer(failure)
  await until("it is retried", () => sent.length === 2)
  outbox.add(message("meanwhile"))
  outbox.add({ path: "/connection", body: "", settle: (reason) => refused.push(reason?.message ?? null) })
  await answer()
  await answer()

  expect(refused).toEqual(["The sidekick cannot be reached"]) // at once: the retry may hang
  expect(events).toEqual(["down: refused", "up, 1 lost"])
  expect(sent.map(({ bodies }) => bodies)).toEqual([["lost"], [], ["meanwhile"]])
  expect(sent[2]?.number).toBe((sent[1]?.number ?? 0) + 1)
})

test("an overflow discards everything waiting and skips a number", async () => {
  const { outbox, sent, events, answer } = createOutbox()

  outbox.add(message("under way"))
  for (let count = 0; count < 10_001; count++) outbox.add(message("waits"))
  outbox.add(message("afterwards"))
  await answer()
  await answer()

  expect(events).toEqual(["overflow"])
  expect(outbox.lost).toBe(10_001)
  expect(sent.map(({ bodies }) => bodies)).toEqual([["under way"], ["afterwards"]])
  expect(sent.map(({ number }) => number)).toEqual([1, 3])
})

test("flush resolves once everything before has arrived", async () => {
  const { outbox, answer } = createOutbox()
  const order: string[] = []

  expect(await outbox.flush()).toBeNull() // nothing is under way
  outbox.add(message("before"))
  const flushed = outbox.flush().then((reason) => order.push(`arrived: ${reason}`))
  await answer()
  order.push("the first batch")
  await answer()
  await flushed

  expect(order).toEqual(["the first batch", "arrived: null"])
})

test("close sends the queue and accepts no more items", async () => {
  const { outbox, sent, answer } = createOutbox()

  outbox.add(message("one"))
  outbox.add(message("two"))
  const closed = outbox.close()
  await answer()
  await answer()

  expect(await closed).toBe(2)
  outbox.add(message("too late"))
  outbox.heartbeat()
  expect(sent.map(({ bodies }) => bodies)).toEqual([["one"], ["two"]])
})
