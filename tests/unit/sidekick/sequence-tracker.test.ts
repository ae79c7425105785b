import { expect, test } from "bun:test"
import type { SidekickPost } from "../../../src/sidekick/protocol.ts"
import { SequenceTracker } from "../../../src/sidekick/sequence-tracker.ts"

const updates: SidekickPost[] = [{ path: "/resources", body: { resources: [] } }]
const grants: SidekickPost[] = [
  { path: "/connection", body: { token: "t", channel: "c", params: {}, context: null } },
]
const batch = (from: string, number: number, posts = updates, last = false) => ({ from, number, posts, last })

test("consecutive batches are accepted, duplicates and late ones ignored, and a gap resets", () => {
  const tracker = new SequenceTracker()

  expect(tracker.check(batch("a", 7))).toBe("accept") // a new sidekick expects no number
  expect(tracker.check(batch("a", 8))).toBe("accept")
  expect(tracker.check(batch("a", 8))).toBe("ignore")
  expect(tracker.check(batch("a", 3))).toBe("ignore")
  expect(tracker.check(batch("a", 10))).toBe("reset")
  expect(tracker.check(batch("a", 11))).toBe("accept")
})

test("heartbeats and grants take no number, and still reveal a gap", () => {
  const tracker = new SequenceTracker()
  tracker.check(batch("a", 1))

  expect(tracker.check(batch("a", 1, []))).toBe("accept")
  expect(tracker.check(batch("a", 1, grants))).toBe("accept")
  expect(tracker.check(batch("a", 1, grants))).toBe("accept")
  expect(tracker.check(batch("a", 2))).toBe("accept")
  expect(tracker.check(batch("a", 1, grants))).toBe("ignore") // it may have been revoked since
  expect(tracker.check(batch("a", 3, []))).toBe("reset")
  expect(tracker.check(batch("a", 3, []))).toBe("accept")
  expect(tracker.check(batch("a", 4))).toBe("accept")
})

test("a new server process continues after a complete one and resets after a crashed one, which is ignored", () => {
  const tracker = new SequenceTracker()
  tracker.check(batch("a", 1))
  expect(tracker.check(batch("a", 1, [], true))).toBe("accept")

  expect(tracker.check(batch("b", 0, []))).toBe("accept")
  expect(tracker.check(batch("c", 0, []))).toBe("reset")
  expect(tracker.check(batch("b", 1))).toBe("ignore")
  expect(tracker.check(batch("a", 2))).toBe("ignore")
  expect(tracker.check(batch("c", 1))).toBe("accept")
})

test("silence counts from the last batch of a server that has not ended properly", () => {
  let now = 0
  const tracker = new SequenceTracker(() => now)

  now = 1000
  expect(tracker.silentMs).toBe(0) // no server has been heard yet
  tracker.check(batch("a", 1))
  now = 3000
  expect(tracker.silentMs).toBe(2000)
  tracker.check(batch("a", 1, []))
  expect(tracker.silentMs).toBe(0)
  tracker.check(batch("a", 1, [], true))
  now = 9000
  expect(tracker.silentMs).toBe(0)
})
