import { expect, test } from "bun:test"
import { defineWorker, type Worker, Workers } from "../../src/features/worker.ts"

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Three workers, and the names of those that were started. */
function threeWorkers() {
  const started: string[] = []
  const named = (name: string) =>
    defineWorker((): Worker => ({ start: () => started.push(name), stop() {}, close() {} }))
  const workers = new Workers((error) => {
    throw error
  })
  workers.create(["a", "b", "c"].map(named), {})
  return { workers, started }
}

test("duties start one a turn, so that requests come between them", async () => {
  const { workers, started } = threeWorkers()

  workers.start()
  expect(started).toEqual([])
  await turn()
  expect(started).toEqual(["a"])
  await turn()
  await turn()

  expect(started).toEqual(["a", "b", "c"])
})

test.each(["stop", "close"] as const)("after %s none is started", async (end) => {
  const { workers, started } = threeWorkers()
  workers.start()
  await turn()
  expect(started).toEqual(["a"])

  workers[end]()
  for (let i = 0; i < 4; i++) await turn()

  expect(started).toEqual(["a"])
})
