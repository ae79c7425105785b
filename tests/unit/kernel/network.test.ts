import { expect, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import {
  CovenantClient,
  CovenantServer,
  connectAnswerOf,
  procedureAnswerOf,
} from "../../../src/kernel/index.ts"
import {
  httpClientToServer,
  httpClientToSidekick,
  httpServerToSidekick,
} from "../../../src/kernel/network/index.ts"
import { until } from "../../support/listen.ts"
import { createTestService, secret } from "../../support/sidekick.ts"
import { covenant, lobby } from "./support.ts"

// The seed's "Production considerations": server, sidekick and clients in separate processes.

test("a server posts to a standalone sidekick in order, and returns failures", async () => {
  using edge = serve()
  using service = createTestService(edge.origin)
  const reported: string[] = []
  const server = new CovenantServer(covenant, {
    sidekickConnection: httpServerToSidekick(service.origin, secret),
    onUnexpected: (_, where) => void reported.push(where),
  })
  server.defineChannel("room", {
    onConnect: ({ inputs }) => ({ userId: inputs.nickname }),
    onMessage: async ({ inputs, params, context }) => {
      const message = { text: inputs.text, from: context.userId, at: new Date() }
      await server.postChannelMessage("room", params, message)
    },
  })
  edge.server = server
  const client = new CovenantClient(covenant, {
    serverConnection: httpClientToServer(`${edge.origin}/api/covenant`),
    sidekickConnection: httpClientToSidekick(service.origin.replace("http", "ws")),
  })

  const joined = await client.connect("room", lobby, { nickname: "al" })
  if (!joined.success) throw new Error(joined.error.message)
  const heard: { text: string; at: Date }[] = []
  await client.subscribe("room", lobby, joined.token, (message) => void heard.push(message))
  await client.send("room", lobby, joined.token, { text: "by the client" })
  for (let n = 0; n < 50; n++)
    void server.postChannelMessage("room", lobby, { text: String(n), from: "server", at: new Date() })

  await until("everything arrived", () => heard.length === 51)
  expect(heard.map(({ text }) => text)).toEqual([
    "by the client",
    ...Array.from({ length: 50 }, (_, n) => `${n}`),
  ])
  expect(heard[0]?.at).toBeInstanceOf(Date)

  const stranger = httpServerToSidekick(service.origin, "a guess")
  expect((await stranger.update(["notes/lobby"]))?.message).toContain("401")
  service.close()
  const failure = await server.postChannelMessage("room", lobby, {
    text: "x",
    from: "server",
    at: new Date(),
  })
  expect(failure).toBeInstanceOf(Error)
  expect(reported).toEqual(["sidekick postMessage"])
  expect(await client.connect("room", lobby, { nickname: "al" })).toMatchObject({
    error: { fault: "sidekick" },
  })
  client.disconnect()
})

/** The body of any request to the server. */
interface RequestBody {
  procedure: string
  inputs: unknown
  channel: string
  params: Record<string, string>
  data: unknown
  context: unknown
}

/** A server that answers over HTTP as the reference server does. */
function serve() {
  const made: {
    server?: Pick<
      CovenantServer<typeof covenant.procedures, typeof covenant.channels>,
      "processProcedure" | "processConnection" | "processChannelMessage"
    >
  } = {}
  const web = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const type = new URL(request.url).searchParams.get("type")
      const asked = ION.parse(await request.text()) as never as RequestBody
      const { procedure, inputs, channel, params, data, context } = asked
      const { server } = made
      if (!server) return new Response("Not yet", { status: 503 })
      if (type === "connect") {
        const result = await server.processConnection(channel, params, data, request)
        return new Response(ION.stringify(connectAnswerOf(channel, params, result) as never))
      }
      if (type === "procedure") {
        const result = await server.processProcedure(procedure, inputs, request)
        return new Response(ION.stringify(procedureAnswerOf(result) as never))
      }
      const fault = await server.processChannelMessage(channel, params, data, context)
      return fault
        ? new Response(ION.stringify(fault as never), { status: 400 })
        : new Response(null, { status: 204 })
    },
  })
  return Object.assign(made, { origin: web.url.origin, [Symbol.dispose]: () => void web.stop(true) })
}
