import { expect, test } from "bun:test"
import type { ClientFrame, SidekickFrame } from "../../src/kernel/index.ts"
import { WireSocket } from "../../src/web/wire-socket.ts"

/** A socket whose client does not read, so that sent data piles up. */
function createSlowSocket() {
  let waiting = 0
  const closed: number[] = []
  return {
    closed,
    waiting: () => waiting,
    send(text: string) {
      waiting += text.length
      return -1
    },
    close: (code: number) => void closed.push(code),
    getBufferedAmount: () => waiting,
  }
}

test("a program that does not read is disconnected with 1013, and gets nothing afterwards", () => {
  const socket = createSlowSocket()
  let hear: (frame: SidekickFrame) => unknown = () => {}
  let isClosed = false
  const ends: unknown[] = []
  new WireSocket(socket, {
    createClient: () => ({
      sendMessage: (_: ClientFrame) => {},
      onMessage(handler) {
        hear = handler
        return () => {}
      },
      close: () => {
        isClosed = true
      },
    }),
    encode: (frame) => JSON.stringify(frame),
    decode: (frame) => frame,
    limitsFrames: false,
    onEnd: (ending) => ends.push(ending),
  })

  const message: SidekickFrame = { type: "message", channel: "c", params: {}, data: "x".repeat(1000) }
  for (let sent = 0; sent < 10_000; sent++) hear(message)

  expect(socket.closed).toEqual([1013])
  expect(isClosed).toBe(true)
  expect(ends).toHaveLength(1)
  expect(socket.waiting()).toBeLessThan(300 * 1024)
})
