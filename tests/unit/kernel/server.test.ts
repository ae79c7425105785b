import { describe, expect, test } from "bun:test"
import { z } from "zod"
import {
  CovenantServer,
  declareCovenant,
  InternalSidekick,
  mutation,
  query,
  type ServerToSidekickConnection,
} from "../../../src/kernel/index.ts"
import { cellar, covenant, createChat, lobby, nowhere } from "./support.ts"

const asAlice = { headers: new Headers({ "x-user": "alice" }), url: "/" }

describe("procedures", () => {
  test("a mutation returns its data and the resources it changed", async () => {
    const { server, bugs } = createChat()

    const result = await server.call("addNote", { roomId: "lobby", text: "milk" }, asAlice)

    expect(result).toEqual({ success: true, data: { count: 1 }, error: null, resources: ["notes/lobby"] })
    expect(bugs).toEqual([])
  })

  test("invalid input is a 400 that names the field, and the handler does not run", async () => {
    const { server, notes, bugs } = createChat()

    const result = await server.call("addNote", { roomId: "lobby", text: "" }, asAlice)

    expect(result.error).toMatchObject({ code: 400, message: expect.stringMatching(/^text: /) })
    expect(result.error?.issues).toEqual([{ path: "text", message: expect.any(String) }])
    expect(notes.size).toBe(0)
    expect(bugs).toEqual([])
  })

  test("`derived` can refuse on behalf of the handler", async () => {
    const { server, notes } = createChat()

    const result = await server.call("addNote", { roomId: "lobby", text: "milk" }, nowhere)

    expect(result).toEqual({
      success: false,
      data: null,
      error: { message: "Log in first", code: 401 },
      resources: null,
    })
    expect(notes.size).toBe(0)
  })

  test("an unexpected throw is reported once and its message does not leak", async () => {
    const { server, bugs } = createChat()

    const result = await server.call("addNote", { roomId: "lobby", text: "explode" }, asAlice)

    expect(result.error).toEqual({ message: "Something went wrong", code: 500 })
    expect(bugs).toEqual([{ error: new Error("the password is swordfish"), where: "procedure addNote" }])
    expect(JSON.stringify(result)).not.toContain("swordfish")
  })

  test("an output outside the contract is a bug and announces nothing", async () => {
    const { server, updates, bugs } = createBroken()

    const result = await server.call("countDown", null, nowhere)

    expect(result.error).toEqual({ message: "Something went wrong", code: 500 })
    expect(bugs).toEqual(["procedure countDown"])
    expect(updates).toEqual([])
  })

  test("a name from the network finds declared procedures only", async () => {
    const { server } = createChat()

    for (const name of ["nothing", "constructor", "__proto__", "toString"]) {
      const result = await server.processProcedure(name, null, nowhere)
      expect(result.error?.code).toBe(404)
    }
  })

  test("a refusal says when to retry; headers set by the handler reach the caller", async () => {
    const { server } = createBroken()
    const headers = new Headers({ "x-old": "1" })

    const result = await server.call("wait", null, nowhere, headers)

    expect(result.error).toEqual({ message: "Later", code: 429, retryAfterSeconds: 3 })
    expect(Object.fromEntries(headers)).toEqual({ "retry-after": "3" })
  })

  test("mutations announce their resources, queries do not, and a failing sidekick fails no call", async () => {
    const { server, updates, bugs } = createBroken()

    const mutated = await server.call("touch", null, nowhere)
    const queried = await server.call("look", null, nowhere)

    expect(mutated).toMatchObject({ success: true, resources: ["thing"] })
    expect(queried).toMatchObject({ success: true, resources: ["thing"] })
    expect(updates).toEqual(["thing"])
    expect(bugs).toEqual(["sidekick update"])
  })
})

describe("channels", () => {
  test("a connection gets its context and an unguessable token", async () => {
    const { server, sidekick } = createChat()

    const first = await server.connect("room", lobby, { nickname: "al" }, asAlice)
    const second = await server.connect("room", lobby, { nickname: "al" }, asAlice)

    expect(first).toMatchObject({ success: true, context: { userId: "alice" }, error: null })
    expect(first.token).toMatch(/^[\w-]{43}$/)
    expect(second.token).not.toBe(first.token)
    expect(sidekick.stats().tokens).toBe(2)
  })

  test("onConnect's rejection carries its reason, and grants nothing", async () => {
    const { server, sidekick } = createChat()
    const vault = { ...lobby, roomId: "vault" }

    const rejected = await server.connect("room", vault, { nickname: "al" }, asAlice)
    const signedOut = await server.connect("room", lobby, { nickname: "al" }, nowhere)

    expect(rejected.error).toEqual({ fault: "client", message: "The vault is closed" })
    expect(signedOut.error).toEqual({ fault: "client", message: "Log in first", code: 401 })
    expect(sidekick.stats().tokens).toBe(0)
  })

  test("params must be exactly the declared ones", async () => {
    const { server, bugs } = createChat()
    const wrong: unknown[] = [
      { serverId: "s1" },
      { ...lobby, extra: "x" },
      { ...lobby, roomId: "" },
      { ...lobby, roomId: 1 },
      { ...lobby, roomId: "x".repeat(201) },
      null,
      "lobby",
    ]

    for (const params of wrong) {
      const result = await server.processConnection("room", params, { nickname: "al" }, asAlice)
      expect(result.error).toMatchObject({ fault: "client", code: 400 })
    }
    expect(bugs).toEqual([])
  })

  test("an unreachable sidekick is the fault `sidekick`", async () => {
    const { server, bugs } = createBroken()

    const result = await server.processConnection("room", lobby, { nickname: "al" }, nowhere)

    expect(result.error).toMatchObject({ fault: "sidekick" })
    expect(JSON.stringify(result)).not.toContain("unplugged")
    expect(bugs).toEqual(["sidekick addConnection"])
  })

  test("a message fails with a fault: invalid, refused with a time to retry, signed out, or a bug", async () => {
    const { server, bugs, processed } = createChat()
    const say = (text: string) => server.processChannelMessage("room", lobby, { text }, { userId: "alice" })

    expect(await say("")).toMatchObject({ fault: "client", code: 400 })
    expect(await say("flood")).toEqual({
      fault: "client",
      message: "Slow down",
      code: 429,
      retryAfterSeconds: 7,
    })
    // A message has no request, so `derived` knows no user: the identity is in the context.
    expect(await say("who am I")).toEqual({ fault: "client", message: "Log in first", code: 401 })
    expect(bugs).toEqual([])
    expect(await say("explode")).toEqual({ fault: "server", message: "Something went wrong", code: 500 })
    expect(bugs).toHaveLength(1)
    expect(await server.processChannelMessage("roof", {}, {}, {})).toMatchObject({
      fault: "client",
      code: 404,
    })
    expect(processed).toEqual([])

    expect(await say("hello")).toBeNull()
    expect(processed).toEqual(["hello"])
  })

  test("a context that does not fit is a bug, not the client's fault", async () => {
    const { server, bugs, processed } = createChat()

    const fault = await server.processChannelMessage("room", lobby, { text: "hi" }, { userId: 1 })

    expect(fault).toMatchObject({ fault: "server", code: 500 })
    expect(bugs).toHaveLength(1)
    expect(processed).toEqual([])
  })

  test("posting what the contract forbids throws and reaches no subscriber", async () => {
    const { server, sidekick, post } = createChat()
    const heard: unknown[] = []
    sidekick.subscribe("room", lobby, (data) => heard.push(data))
    await post(lobby, "fine")
    expect(heard).toHaveLength(1) // or the next assertion proves nothing

    const invalid = server.postChannelMessage("room", lobby, { text: "a", from: "b", at: new Date("never") })
    const misplaced = server.postChannelMessage(
      "room",
      { ...cellar, roomId: "" },
      {
        text: "a",
        from: "b",
        at: new Date(),
      },
    )

    const reasons = await Promise.all([invalid, misplaced].map((posted) => posted.catch(String)))
    expect(reasons).toEqual([expect.stringContaining("at: "), expect.stringContaining("serverId, roomId")])
    expect(heard).toHaveLength(1)
  })
})

/** A server with misbehaving handlers and sidekick, the announced resources and the reported bugs. */
function createBroken() {
  const bugs: string[] = []
  const updates: string[] = []
  const unplugged: ServerToSidekickConnection = {
    addConnection: () => {
      throw new Error("unplugged")
    },
    update: async (resources) => {
      updates.push(...resources)
      return new Error("unplugged")
    },
    postMessage: async () => new Error("unplugged"),
  }
  const nothing = { input: z.null(), output: z.null() }
  const contract = declareCovenant({
    procedures: {
      countDown: mutation({ input: z.null(), output: z.object({ left: z.number().positive() }) }),
      touch: mutation(nothing),
      look: query(nothing),
      wait: query(nothing),
    },
    channels: { room: covenant.channels.room },
  })
  const server = new CovenantServer(contract, {
    sidekickConnection: unplugged,
    onUnexpected: (_error, where) => void bugs.push(where),
  })
  const resources = () => ["thing"]
  server.defineProcedure("countDown", { procedure: () => ({ left: -1 }), resources })
  server.defineProcedure("touch", { procedure: () => null, resources })
  server.defineProcedure("look", { procedure: () => null, resources })
  server.defineProcedure("wait", {
    procedure({ setHeader, deleteHeader, error }) {
      setHeader("retry-after", "3")
      deleteHeader("x-old")
      return error("Later", 429, { retryAfterSeconds: 3 })
    },
  })
  server.defineChannel("room", { onConnect: () => ({ userId: "alice" }), onMessage: () => {} })

  return { server, bugs, updates }
}

test("a reporter that throws does not prevent the answer", async () => {
  const sidekick = new InternalSidekick()
  const server = new CovenantServer(covenant, {
    sidekickConnection: sidekick.getConnectionFromServer(),
    onUnexpected: () => {
      throw new Error("the log is full")
    },
  })

  const result = await server.call("getTime", null, nowhere)

  expect(result.error?.code).toBe(500)
})
