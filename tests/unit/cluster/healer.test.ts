import { expect, test } from "bun:test"
import { Healer } from "../../../src/cluster/healer.ts"
import { until } from "../../support/listen.ts"
import { ownTime } from "../../support/own-time.ts"

/** A healer of rooms that are read here; those of `heads` have moved on. */
function createHealer(rooms: string[], heads: Record<string, number>, isBusUp = true) {
  const done: string[] = []
  const errors: unknown[] = []
  const planned: Error[] = []
  const healer = new Healer({
    rooms: () =>
      rooms.map((channelId) => ({ channelId, behind: (seq) => done.push(`${channelId} at ${seq}`) })),
    async heads(channelIds) {
      done.push(`heads of ${channelIds.length}`)
      return channelIds.flatMap((id) => (heads[id] === undefined ? [] : [{ id, seq: heads[id] }]))
    },
    async catchUpAccess() {
      const error = planned.pop()
      if (error) throw error
      done.push("access")
    },
    onAlone: () => done.push("alone"),
    isBusUp: () => isBusUp,
    report: (error) => errors.push(error),
  })
  return { healer, done, errors, planned }
}

test("every reader of a room learns its head, after the log of access was read", async () => {
  const { healer, done } = createHealer(["a", "b", "a"], { a: 7, b: 2, c: 3 })

  await Promise.all([healer.look(), healer.look()])

  expect(done).toEqual(["access", "heads of 2", "a at 7", "a at 7", "b at 2"])
})

test("without rooms only the log of access is read, and with many they are asked for in parts", async () => {
  const none = createHealer([], {})
  await none.healer.look()
  expect(none.done).toEqual(["access"])

  const many = createHealer(
    Array.from({ length: 2300 }, (_, n) => `room ${n}`),
    {},
  )
  await many.healer.look()
  expect(many.done).toEqual(["access", "heads of 1000", "heads of 1000", "heads of 300"])
})

test("it polls more often while the node lost the bus, and a failure does not end that", async () => {
  const { healer, done, errors, planned } = createHealer(["a"], { a: 1 }, false)
  planned.push(new Error("planned"))
  using looking = ownTime()

  healer.start()
  await until("it has looked three times", () => done.filter((what) => what === "alone").length === 3)
  healer.close()

  expect(errors).toEqual([new Error("planned")])
  expect(looking.ms()).toBeLessThan(2000)
})
