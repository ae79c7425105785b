import { expect, test } from "bun:test"
import type { Post } from "../../../src/sidekick/protocol.ts"
import { Stream } from "../../../src/sidekick/stream.ts"

const says: Post[] = [{ path: "/resources", body: { resources: [] } }]
const grants: Post[] = [
  { path: "/connection", body: { token: "t", channel: "c", params: {}, context: null } },
]
const batch = (from: string, number: number, posts = says, last = false) => ({ from, number, posts, last })

test("batches in a row are taken; late, doubled and foreign ones are not; a number that is skipped is noticed", () => {
  const stream = new Stream()

  expect(stream.take(batch("a", 7))).toBe("take") // whoever is new knows nothing of before
  expect(stream.take(batch("a", 8))).toBe("take")
  expect(stream.take(batch("a", 8))).toBe("ignore")
  expect(stream.take(batch("a", 3))).toBe("ignore")
  expect(stream.take(batch("a", 10))).toBe("reset")
  expect(stream.take(batch("a", 11))).toBe("take")
})

test("signs of life and grants do not count, and yet show that something is missing", () => {
  const stream = new Stream()
  stream.take(batch("a", 1))

  expect(stream.take(batch("a", 1, []))).toBe("take")
  expect(stream.take(batch("a", 1, grants))).toBe("take")
  expect(stream.take(batch("a", 1, grants))).toBe("take")
  expect(stream.take(batch("a", 2))).toBe("take")
  expect(stream.take(batch("a", 1, grants))).toBe("ignore") // it may have been revoked since
  expect(stream.take(batch("a", 3, []))).toBe("reset")
  expect(stream.take(batch("a", 3, []))).toBe("take")
  expect(stream.take(batch("a", 4))).toBe("take")
})

test("a new server goes on from one that said all, and not from one that vanished; that one is heard no more", () => {
  const stream = new Stream()
  stream.take(batch("a", 1))
  expect(stream.take(batch("a", 1, [], true))).toBe("take")

  expect(stream.take(batch("b", 0, []))).toBe("take")
  expect(stream.take(batch("c", 0, []))).toBe("reset")
  expect(stream.take(batch("b", 1))).toBe("ignore")
  expect(stream.take(batch("a", 2))).toBe("ignore")
  expect(stream.take(batch("c", 1))).toBe("take")
})

test("silence counts from the last sign of life of a server that has not said goodbye", () => {
  let now = 0
  const stream = new Stream(() => now)

  now = 1000
  expect(stream.silentMs).toBe(0) // there was no server yet
  stream.take(batch("a", 1))
  now = 3000
  expect(stream.silentMs).toBe(2000)
  stream.take(batch("a", 1, []))
  expect(stream.silentMs).toBe(0)
  stream.take(batch("a", 1, [], true))
  now = 9000
  expect(stream.silentMs).toBe(0)
})
