import { expect, test } from "bun:test"
import { type Letter, Outbox } from "../../../src/sidekick/outbox.ts"
import { until } from "../../support/listen.ts"

interface Batch {
  bodies: string[]
  number: number
}

/** An outbox, what was sent, and a sidekick whose answers the test decides. */
function createOutbox() {
  const sent: Batch[] = []
  const told: string[] = []
  const waiting: ((failure: Error | null) => void)[] = []
  const outbox = new Outbox({
    send(letters, number) {
      sent.push({ bodies: letters.map(({ body }) => body), number })
      return new Promise((resolve) => waiting.push(resolve))
    },
    onDown: ({ message }) => told.push(`down: ${message}`),
    onUp: (lost) => told.push(`up, ${lost} lost`),
    onOverflow: () => told.push("overflow"),
  })
  /** The batch that is under way arrives, or does not. */
  async function answer(failure: Error | null = null) {
    await until("something is under way", () => waiting.length > 0)
    waiting.shift()?.(failure)
    await Bun.sleep(0)
  }
  return { outbox, sent, told, answer, isIdle: () => waiting.length === 0 }
}

const say = (body: string): Letter => ({ path: "/message", body })
const failure = new Error("no way")

test("what is added while a batch is under way goes with the next, in order", async () => {
  const { outbox, sent, answer } = createOutbox()

  for (const body of ["1", "2", "3"]) outbox.add(say(body))
  await answer()
  await answer()

  expect(sent).toEqual([
    { bodies: ["1"], number: 1 },
    { bodies: ["2", "3"], number: 2 },
  ])
})

test("a batch is bounded, and what is longer than that goes alone", async () => {
  const { outbox, sent, answer } = createOutbox()

  outbox.add(say("first"))
  for (let count = 0; count < 600; count++) outbox.add(say("short"))
  outbox.add(say("x".repeat(600_000)))
  outbox.add(say("last"))
  for (let count = 0; count < 5; count++) await answer()

  expect(sent.map(({ bodies }) => bodies.length)).toEqual([1, 500, 100, 1, 1])
})

test("whoever waits is told; what is lost shows in the numbers, and nothing else waits", async () => {
  const { outbox, sent, told, answer, isIdle } = createOutbox()
  const answers: (string | null)[] = []
  const grant = (body: string): Letter => ({
    path: "/connection",
    body,
    settle: (reason) => answers.push(reason?.message ?? null),
  })

  outbox.add(say("arrives"))
  outbox.add(grant("too"))
  outbox.add(say("and this"))
  await answer()
  await answer(failure)
  outbox.add(grant("in vain"))
  outbox.add(say("lost"))

  expect(answers).toEqual(["no way", "The sidekick cannot be reached"])
  expect(isIdle()).toBe(true)
  await answer()
  expect(told).toEqual(["down: no way", "up, 2 lost"])
  outbox.add(say("on"))
  await answer()
  const numbers = sent.map(({ number }) => number)
  expect(sent.map(({ bodies }) => bodies)).toEqual([["arrives"], ["too", "and this"], [], ["on"]])
  // The sign of life says a number beyond the last batch's, so whoever did not get that one knows.
  expect(numbers[2]).toBeGreaterThan(numbers[1] ?? 0)
  expect(numbers[3]).toBe((numbers[2] ?? 0) + 1)
})

test("a failure that lost only what somebody was told of is none to those who are connected", async () => {
  const { outbox, sent, answer } = createOutbox()

  outbox.add({ path: "/connection", body: "in vain", settle: () => {} })
  await answer(failure)
  await answer()
  outbox.add(say("next"))
  await answer()

  expect(sent.map(({ number }) => number)).toEqual([0, 0, 1])
})

test("what is said while it is tried again is not lost when that succeeds", async () => {
  const { outbox, sent, told, answer } = createOutbox()
  const refused: (string | null)[] = []

  outbox.add(say("lost"))
  await answer(failure)
  await until("it is tried again", () => sent.length === 2)
  outbox.add(say("meanwhile"))
  outbox.add({ path: "/connection", body: "", settle: (reason) => refused.push(reason?.message ?? null) })
  await answer()
  await answer()

  expect(refused).toEqual(["The sidekick cannot be reached"]) // at once: it may hang
  expect(told).toEqual(["down: no way", "up, 1 lost"])
  expect(sent.map(({ bodies }) => bodies)).toEqual([["lost"], [], ["meanwhile"]])
  expect(sent[2]?.number).toBe((sent[1]?.number ?? 0) + 1)
})

test("when too much waits it is given up, and the numbers tell", async () => {
  const { outbox, sent, told, answer } = createOutbox()

  outbox.add(say("under way"))
  for (let count = 0; count < 10_001; count++) outbox.add(say("waits"))
  outbox.add(say("afterwards"))
  await answer()
  await answer()

  expect(told).toEqual(["overflow"])
  expect(outbox.lost).toBe(10_001)
  expect(sent.map(({ bodies }) => bodies)).toEqual([["under way"], ["afterwards"]])
  expect(sent.map(({ number }) => number)).toEqual([1, 3])
})

test("one can wait until everything before has arrived", async () => {
  const { outbox, answer } = createOutbox()
  const order: string[] = []

  expect(await outbox.arrived()).toBeNull() // nothing is under way
  outbox.add(say("before"))
  const arrived = outbox.arrived().then((reason) => order.push(`arrived: ${reason}`))
  await answer()
  order.push("the first batch")
  await answer()
  await arrived

  expect(order).toEqual(["the first batch", "arrived: null"])
})

test("closed, it has sent what there was, and takes nothing more", async () => {
  const { outbox, sent, answer } = createOutbox()

  outbox.add(say("one"))
  outbox.add(say("two"))
  const closed = outbox.close()
  await answer()
  await answer()

  expect(await closed).toBe(2)
  outbox.add(say("too late"))
  outbox.touch()
  expect(sent.map(({ bodies }) => bodies)).toEqual([["one"], ["two"]])
})
