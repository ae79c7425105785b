import { expect, test } from "bun:test"
import { z } from "zod"
import {
  CovenantServer,
  channel,
  declareCovenant,
  InternalSidekick,
  query,
} from "../../../src/kernel/index.ts"
import { covenant, createChat } from "./support.ts"

const anything = query({ input: z.null(), output: z.null() })

test("a name cannot be both a procedure and a channel", () => {
  const room = channel({ clientMessage: z.null(), serverMessage: z.null(), params: [] })

  expect(() => declareCovenant({ procedures: { chat: anything }, channels: { chat: room } })).toThrow("chat")
  expect(() => declareCovenant({ procedures: { ask: anything }, channels: { chat: room } })).not.toThrow()
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

test("a forgotten definition is named at boot, a second one is refused", () => {
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
