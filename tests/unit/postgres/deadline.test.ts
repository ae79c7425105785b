import { expect, test } from "bun:test"
import { storageFailure } from "../../../src/db/failures.ts"
import { Deadline } from "../../../src/db/postgres/deadline.ts"
import { until } from "../../support/listen.ts"

const ms = 100

test("what never ends is rejected as a failure of the storage, and its connection is stuck", async () => {
  const missed: boolean[] = []
  const deadline = new Deadline(ms, (isStuck) => missed.push(isStuck))

  const error: unknown = await deadline.watch(new Promise(() => {})).catch((reason) => reason)

  expect(storageFailure(error)?.code).toBe("POSTGRES_NO_ANSWER")
  expect(missed).toEqual([true])
})

test("work that ends in time settles as usual, without a report", async () => {
  const missed: boolean[] = []
  const deadline = new Deadline(ms, (isStuck) => missed.push(isStuck))

  expect(await deadline.watch(Promise.resolve("found"))).toBe("found")
  expect(deadline.watch(Promise.reject(new Error("refused")))).rejects.toThrow("refused")
  // By then a deadline of the same length was missed elsewhere.
  await new Deadline(ms, () => {}).watch(new Promise(() => {})).catch(() => {})
  expect(missed).toEqual([])
})

test("queries that are answered in order, but late, are rejected without blaming a connection", async () => {
  const missed: boolean[] = []
  const deadline = new Deadline(ms, (isStuck) => missed.push(isStuck))
  const queries = Array.from({ length: 40 }, () => Promise.withResolvers<void>())
  const outcomes = Promise.allSettled(queries.map(({ promise }) => deadline.watch(promise)))

  // One answer every tenth of the deadline: the queue is four deadlines long.
  for (const { resolve } of queries) {
    await Bun.sleep(ms / 10)
    resolve()
  }

  const statuses = (await outcomes).map(({ status }) => status)
  expect(statuses[0]).toBe("fulfilled")
  expect(statuses.at(-1)).toBe("rejected")
  expect(missed.length).toBeGreaterThan(0)
  expect(missed).not.toContain(true)
})

test("a query that later ones overtake is on a connection that is stuck", async () => {
  const missed: boolean[] = []
  const deadline = new Deadline(ms, (isStuck) => missed.push(isStuck))
  const stuck = deadline.watch(new Promise(() => {})).catch(() => {})

  await until("it is rejected", async () => {
    await deadline.watch(Promise.resolve())
    return missed.length > 0
  })

  await stuck
  expect(missed).toEqual([true])
})
