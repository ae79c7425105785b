import { expect, test } from "bun:test"
import { z } from "zod"
import {
  CovenantServer,
  channel,
  composeCovenant,
  declareCovenant,
  InternalSidekick,
  mutation,
  query,
} from "../../../src/kernel/index.ts"
import { covenant, createChat } from "./support.ts"

const anything = query({ input: z.null(), output: z.null() })

test("a name cannot be both a procedure and a channel", () => {
  const room = channel({ clientMessage: z.null(), serverMessage: z.null(), params: [] })

  expect(() => declareCovenant({ procedures: { chat: anything }, channels: { chat: room } })).toThrow("chat")
  expect(() => declareCovenant({ procedures: { ask: anything }, channels: { chat: room } })).not.toThrow()
})

test("a contract is composed of slices, and no two of them declare the same name", () => {
  const room = channel({ clientMessage: z.null(), serverMessage: z.null(), params: [] })

  const contract = composeCovenant({
    notes: { procedures: { ask: anything } },
    talk: { channels: { room } },
  })

  expect(contract).toEqual({ procedures: { ask: anything }, channels: { room } })
  const twice = { notes: { procedures: { ask: anything } }, talk: { procedures: { ask: anything } } }
  expect(() => composeCovenant(twice)).toThrow("ask")
  const both = { notes: { procedures: { room: anything } }, talk: { channels: { room } } }
  expect(() => composeCovenant(both)).toThrow("room")
})

test("a procedure may be authorized by the metadata of its declaration", async () => {
  const meta = { isOpen: true } as object
  const procedures = {
    open: mutation({ input: z.null(), output: z.null(), meta }),
    closed: mutation({ input: z.null(), output: z.null() }),
  }
  const server = new CovenantServer(declareCovenant({ procedures, channels: {} }), {
    sidekickConnection: new InternalSidekick().getConnectionFromServer(),
    authorize: ({ procedure, error }) => (procedure.meta === meta ? undefined : error("Not for you", 403)),
  })
  const calls: string[] = []
  const call = (name: string) => {
    calls.push(name)
    return null
  }
  server.defineSlice({
    open: { procedure: () => call("open") },
    closed: { procedure: () => call("closed") },
  })
  const request = { headers: new Headers(), url: "" }

  const opened = await server.call("open", null, request)
  const refused = await server.call("closed", null, request)

  expect(opened.success).toBe(true)
  expect(refused.error).toMatchObject({ code: 403, message: "Not for you" })
  expect(calls).toEqual(["open"])
})

test("a channel without context may return nothing on connect, and its context is null", async () => {
  const room = channel({ clientMessage: z.null(), serverMessage: z.null(), params: [] })
  const contract = declareCovenant({ procedures: {}, channels: { room } })
  const contexts: unknown[] = []
  const sidekick = new InternalSidekick()
  const server = new CovenantServer(contract, { sidekickConnection: sidekick.getConnectionFromServer() })
  server.defineChannel("room", {
    async onConnect() {},
    onMessage: ({ context }) => contexts.push(context),
  })

  const connected = await server.connect("room", {}, undefined, { headers: new Headers(), url: "" })
  const fault = await server.processChannelMessage("room", {}, null, null)

  expect(connected).toMatchObject({ success: true, context: null })
  expect(fault).toBeNull()
  expect(contexts).toEqual([null])
})

test("a missing definition is reported at boot, a second one refused", () => {
  const sidekick = new InternalSidekick()
  const server = new CovenantServer(covenant, { sidekickConnection: sidekick.getConnectionFromServer() })
  server.defineProcedure("getTime", { procedure: () => ({ now: new Date() }) })

  expect(() => server.assertAllDefined()).toThrow(
    "procedure getNotes, procedure addNote, channel room, channel hall",
  )
  expect(() => server.defineProcedure("getTime", { procedure: () => ({ now: new Date() }) })).toThrow(
    "already defined",
  )
  expect(() => createChat().server.assertAllDefined()).not.toThrow()
})
