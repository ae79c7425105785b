import { expect, test } from "bun:test"
import { Peers } from "../../../src/cluster/peers.ts"

function createPeers() {
  const clock = { ms: 0 }
  const events: string[] = []
  const peers = new Peers(
    (event) => events.push("node" in event ? `${event.kind} ${event.node}` : event.kind),
    () => clock.ms,
  )
  const posts = [{ path: "/message", topic: "", parse: () => null }]
  const hear = (from: string, number: number, isHeartbeat = false) =>
    peers.accept({ from, number, published: number, posts: isHeartbeat ? [] : posts })
  return { clock, events, peers, hear }
}

test("each node has numbers of its own", () => {
  const { events, hear } = createPeers()

  expect([hear("a", 7), hear("b", 1), hear("a", 8), hear("b", 2), hear("a", 8, true)]).toEqual(
    Array(5).fill(true),
  )
  expect(events).toEqual(["joined a", "joined b"])
})

test("a skipped number shows, also by a heartbeat, and what comes twice is refused", () => {
  const { events, hear } = createPeers()
  hear("a", 1)

  expect(hear("a", 3)).toBe(true)
  expect(hear("a", 3)).toBe(false)
  expect(hear("a", 5, true)).toBe(true)
  expect(events).toEqual(["joined a", "missed a", "missed a"])
})

test("a node that was silent for ten seconds has left, and joins anew", () => {
  const { clock, events, peers, hear } = createPeers()
  hear("a", 1)
  clock.ms += 10_000
  peers.forgetSilent()
  expect(events).toEqual(["joined a"])

  clock.ms += 1
  peers.forgetSilent()
  expect(peers.nodes).toEqual([])
  hear("a", 2)
  expect(events).toEqual(["joined a", "left a", "joined a"])
})
