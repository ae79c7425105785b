import { expect, test } from "bun:test"
import type { LiveSession } from "../../src/web/live/session.ts"
import { LiveSocket } from "../../src/web/live/socket.ts"
import { toFrames } from "../../src/web/live/update.ts"

/** A socket that keeps what is sent to it, apart by the write it goes out in. */
class Wire {
  readonly writes: string[][] = []
  closedWith: number | undefined
  #corked: string[] | undefined

  send = (data: string) => {
    if (this.#corked) this.#corked.push(data)
    else this.writes.push([data])
  }
  cork = (sends: () => void) => {
    this.#corked = []
    sends()
    this.writes.push(this.#corked)
    this.#corked = undefined
  }
  close = (code: number) => {
    this.closedWith = code
  }
  subscribe = () => {}
  unsubscribe = () => {}
  getBufferedAmount = () => 0
}

/** A socket that is live, whose session stores each frame and says so. */
async function openSocket() {
  const session = {
    receive: async ({ id }: { id: number }) => `stored ${id}`,
    snapshot: async () => [],
    join: async () => {},
    sockets: { delete() {} },
    subscriptions: { deleteSubscriber() {} },
    close() {},
  } as unknown as LiveSession
  const socket = new LiveSocket(
    { connect: async () => session, cursor: undefined },
    { limitsFrames: false, toFrames, report() {}, onEnd() {} },
  )
  const wire = new Wire()
  socket.open(wire)
  await socket.receive(`{"id":0}`)
  await new Promise(setImmediate)
  wire.writes.length = 0
  return { socket, wire }
}

test("answers of one turn of the event loop go out in one write, in order", async () => {
  const { socket, wire } = await openSocket()

  await Promise.all([1, 2, 3].map((id) => socket.receive(`{"id":${id}}`)))
  expect(wire.writes).toEqual([])
  await new Promise(setImmediate)

  expect(wire.writes).toEqual([["stored 1", "stored 2", "stored 3"]])
})

test("a socket that is ended gets the answers that waited, and nothing after them", async () => {
  const { socket, wire } = await openSocket()
  await socket.receive(`{"id":1}`)

  socket.end({ code: 409, message: "Enough" })
  await socket.receive(`{"id":2}`)
  await new Promise(setImmediate)

  expect(wire.closedWith).toBeGreaterThan(0)
  expect(wire.writes).toEqual([["stored 1"]])
})
