import { expect, test } from "bun:test"
import { Balancer } from "../../src/cli/cluster/balancer.ts"
import { NodePool } from "../../src/cli/cluster/node-pool.ts"
import { until } from "../support/listen.ts"

interface Answer {
  name: string
  forwardedFor: string
  /** Bytes of the body it got. */
  length: number
}

/** A node that says who it is, and what it was asked. */
function startNode(name: string, port = 0) {
  let isHealthy = true
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request, server) {
      const { pathname } = new URL(request.url)
      if (pathname === "/health") return new Response(null, { status: isHealthy ? 200 : 503 })
      if (pathname === "/socket")
        return server.upgrade(request) ? undefined : new Response(null, { status: 400 })
      if (pathname === "/endless")
        return new Response(new ReadableStream({ start: (body) => void body.enqueue(`${name} begins`) }))
      return Response.json({
        name,
        forwardedFor: request.headers.get("x-forwarded-for"),
        length: (await request.arrayBuffer()).byteLength,
      })
    },
    websocket: {
      message: (socket, text) => void socket.send(`${name} heard ${text}`),
    },
  })
  return {
    name,
    port: server.port ?? 0,
    drain: () => {
      isHealthy = false
    },
    stop: () => server.stop(true),
  }
}

async function startCluster() {
  const nodes = ["one", "two", "three"].map((name) => startNode(name))
  const pool = new NodePool(nodes)
  const balancer = await Balancer.open({ port: 0, host: "127.0.0.1", pool })
  const origin = `http://127.0.0.1:${balancer.port}`
  await until("all are healthy", () => pool.healthy.length === nodes.length)
  return {
    origin,
    nodes,
    pool,
    ask: async (init: RequestInit = {}) => (await (await fetch(origin, init)).json()) as Answer,
    [Symbol.dispose]() {
      balancer.close()
      pool.close()
      for (const node of nodes) node.stop()
    },
  }
}

test("requests go to the nodes in turn, with the client's IP as the last forwarded one", async () => {
  using cluster = await startCluster()
  const headers = { "x-forwarded-for": "203.0.113.9" }
  const answers = [
    await cluster.ask({ headers }),
    await cluster.ask({ headers }),
    await cluster.ask({ headers }),
  ]

  expect(answers.map(({ name }) => name).toSorted()).toEqual(["one", "three", "two"])
  expect(answers.map(({ forwardedFor }) => forwardedFor)).toEqual(Array(3).fill("203.0.113.9, 127.0.0.1"))
})

test("a client that reuses connections is told that each carries one request", async () => {
  using cluster = await startCluster()
  const statuses: number[] = []
  for (let count = 0; count < 100; count++) {
    const response = await fetch(cluster.origin, { method: "POST", body: "x" })
    statuses.push(response.status)
    expect(response.headers.get("connection")).toBe("close")
    await response.body?.cancel()
  }

  expect(statuses).toEqual(Array(100).fill(200))
})

test("uploads, sockets and endless responses pass through", async () => {
  using cluster = await startCluster()
  const { length } = await cluster.ask({ method: "POST", body: new Uint8Array(5_000_000) })
  expect(length).toBe(5_000_000)

  const socket = new WebSocket(`${cluster.origin.replace("http", "ws")}/socket`)
  const heard: string[] = []
  socket.onopen = () => socket.send("hello")
  socket.onmessage = ({ data }) => heard.push(data)
  await until("the socket answers", () => heard.length > 0)
  expect(heard[0]).toEndWith(" heard hello")
  socket.close()

  const endless = await fetch(`${cluster.origin}/endless`)
  const { value } = (await endless.body?.getReader().read()) ?? {}
  expect(new TextDecoder().decode(value)).toEndWith(" begins")
})

test("a node that is dead or drains gets no new requests, and one that is back does", async () => {
  using cluster = await startCluster()
  const [one, two, three] = cluster.nodes
  const socket = new WebSocket(`${cluster.origin.replace("http", "ws")}/socket`)
  await until("the socket is open", () => socket.readyState === WebSocket.OPEN)
  // Before the next poll: who does not accept a connection is left out at once.
  two?.stop()
  const names = new Set<string>()
  for (let count = 0; count < 6; count++) names.add((await cluster.ask()).name)
  expect(names).not.toContain("two")

  for (const node of [one, three]) node?.drain()
  await until("none is healthy", () => cluster.pool.healthy.length === 0)
  expect((await fetch(cluster.origin)).status).toBe(503)

  const back = startNode("two", two?.port)
  await until("one is healthy", () => cluster.pool.healthy.length === 1)
  expect((await cluster.ask()).name).toBe("two")
  back.stop()
})

test("a connection ends when its node does", async () => {
  using cluster = await startCluster()
  const socket = new WebSocket(`${cluster.origin.replace("http", "ws")}/socket`)
  await until("the socket is open", () => socket.readyState === WebSocket.OPEN)

  for (const node of cluster.nodes) node.stop()

  await until("the socket is closed", () => socket.readyState === WebSocket.CLOSED)
})
