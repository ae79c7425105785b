import { describe, expect, jest, test } from "bun:test"
import { Backoff } from "../../../src/kernel/backoff.ts"
import type { LinkState } from "../../../src/kernel/index.ts"
import { type AnyWebSocket, httpClientToSidekick } from "../../../src/kernel/network/socket.ts"

/** A WebSocket class whose server is the test; `made` are its instances. */
function createSockets() {
  const made: Fake[] = []
  class Fake implements AnyWebSocket {
    onopen: ((event: never) => unknown) | null = null
    onmessage: ((event: never) => unknown) | null = null
    onclose: ((event: never) => unknown) | null = null
    onerror: ((event: never) => unknown) | null = null
    readonly sent: string[] = []
    isClosed = false

    constructor(readonly url: string) {
      made.push(this)
    }
    send(text: string) {
      this.sent.push(text)
    }
    close() {
      this.isClosed = true
    }
    opens = () => this.onopen?.({} as never)
    says = (text: string) => this.onmessage?.({ data: text } as never)
    ends = (code: number, reason = "") => this.onclose?.({ code, reason } as never)
  }
  return { WebSocket: Fake, made, last: () => made.at(-1) as Fake }
}

function connect(url = "https://chat.example.org") {
  const sockets = createSockets()
  const states: LinkState["type"][] = []
  const connection = httpClientToSidekick(url, { WebSocket: sockets.WebSocket, random: () => 1 })
  connection.onState?.(({ type }) => states.push(type))
  connection.wake?.()
  return { ...sockets, states, connection }
}

/** Runs something with a clock that the test advances. */
function inFakeTime(story: () => void): void {
  jest.useFakeTimers()
  try {
    story()
  } finally {
    jest.useRealTimers()
  }
}

test("the delay grows from 0.25 s to 30 s, with full jitter", () => {
  const longest = new Backoff(() => 1)
  const waits = Array.from({ length: 9 }, () => longest.nextMs())
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])

  longest.reset()
  expect(longest.nextMs()).toBe(250)
  expect(new Backoff(() => 0).nextMs()).toBe(0)
})

describe("a socket", () => {
  test("goes to the default path, or to the given one", () => {
    expect(connect("https://chat.example.org").last().url).toBe("wss://chat.example.org/socket")
    expect(connect("http://localhost:3000").last().url).toBe("ws://localhost:3000/socket")
    expect(connect("wss://sidekick.example.org/live").last().url).toBe("wss://sidekick.example.org/live")
  })

  test("is opened when needed, and once", () => {
    const { WebSocket, made } = createSockets()
    const connection = httpClientToSidekick("http://localhost", { WebSocket })
    expect(made).toHaveLength(0)

    connection.wake?.()
    connection.wake?.()

    expect(made).toHaveLength(1)
    connection.close()
  })

  test("that is lost reconnects with growing delays, until a frame arrives", () => {
    inFakeTime(() => {
      const { made, last, states, connection } = connect()
      for (const wait of [250, 500, 1000]) {
        const before = made.length
        last().ends(1006)
        jest.advanceTimersByTime(wait - 1)
        expect(made).toHaveLength(before)
        jest.advanceTimersByTime(1)
        expect(made).toHaveLength(before + 1)
      }

      last().opens()
      last().says('{"type":"unlistening","resources":[]}')
      last().ends(1013)
      jest.advanceTimersByTime(250)

      expect(made).toHaveLength(5)
      expect(states).toEqual(["lost", "lost", "lost", "open", "lost"])
      connection.close()
    })
  })

  test("reconnects at once when the network is back", () => {
    inFakeTime(() => {
      const { made, last, connection } = connect()
      last().ends(1006)
      expect(made).toHaveLength(1)

      const isBack = () => (globalThis as never as EventTarget).dispatchEvent(new Event("online"))
      isBack()
      expect(made).toHaveLength(2)

      connection.close()
      isBack()
      expect(made).toHaveLength(2)
    })
  })

  test.each([4400, 4401, 4403, 4404, 4409])("closed with %d stays closed and gives the reason", (code) => {
    inFakeTime(() => {
      const { made, last, connection } = connect()
      const told: LinkState[] = []
      connection.onState?.((state) => told.push(state))
      last().opens()

      last().ends(code, "For this reason")
      jest.advanceTimersByTime(120_000)

      expect(made).toHaveLength(1)
      const reason = { fault: "client", code: code - 4000, message: "For this reason" }
      expect(told).toEqual([{ type: "open" }, { type: "ended", reason } as LinkState])
    })
  })

  test("that is silent is checked, and dropped when it does not answer", () => {
    inFakeTime(() => {
      const { made, last, states, connection } = connect()
      const first = last()
      first.opens()
      jest.advanceTimersByTime(25_000)
      expect(first.sent.map((text) => JSON.parse(text))).toEqual([{ type: "unlisten", resources: [] }])
      first.says('{"type":"unlistening","resources":[]}')
      jest.advanceTimersByTime(25_000)
      expect(first.sent).toHaveLength(2)

      jest.advanceTimersByTime(9999)
      expect(states).toEqual(["open"])
      jest.advanceTimersByTime(1)
      expect(states).toEqual(["open", "lost"])
      expect(first.isClosed).toBe(true)
      jest.advanceTimersByTime(250)
      expect(made).toHaveLength(2)

      // Frames of the dropped socket are ignored.
      first.ends(4401)
      expect(states).toEqual(["open", "lost"])
      connection.close()
    })
  })

  test("must be passed in a runtime without one", () => {
    const own = globalThis.WebSocket
    try {
      Object.assign(globalThis, { WebSocket: undefined })
      expect(() => httpClientToSidekick("http://localhost")).toThrow("pass one")
    } finally {
      Object.assign(globalThis, { WebSocket: own })
    }
  })
})
