import { expectTypeOf, test } from "bun:test"
import { z } from "zod"
import {
  CovenantServer,
  channel,
  composeCovenant,
  declareCovenant,
  type InputOf,
  type MutationName,
  mutation,
  type ParamsOf,
  type ProcedureResult,
  type QueryName,
  query,
  type ServerMessageOf,
  type ServerToSidekickConnection,
} from "../../../src/kernel/index.ts"
import { type covenant, createChat, lobby, nowhere } from "./support.ts"

type Room = typeof covenant.channels.room
type Hall = typeof covenant.channels.hall

test("names, inputs and params are inferred from the contract", () => {
  expectTypeOf<QueryName<typeof covenant.procedures>>().toEqualTypeOf<"getNotes" | "getTime">()
  expectTypeOf<MutationName<typeof covenant.procedures>>().toEqualTypeOf<"addNote">()
  expectTypeOf<ParamsOf<Room>>().toEqualTypeOf<{ serverId: string; roomId: string }>()
  expectTypeOf<Room["params"]>().toEqualTypeOf<readonly ["serverId", "roomId"]>()
  expectTypeOf<ServerMessageOf<Room>>().toEqualTypeOf<{ text: string; from: string; at: Date }>()
  expectTypeOf<ParamsOf<Hall>>().toEqualTypeOf<{ serverId: string }>()
})

test("a composed contract has the names and types of its slices", () => {
  const procedures = { ask: query({ input: z.null(), output: z.number() }) }
  const room = channel({ clientMessage: z.null(), serverMessage: z.null(), params: ["id"] })

  const contract = composeCovenant({ notes: { procedures }, talk: { procedures: {}, channels: { room } } })

  expectTypeOf<keyof typeof contract.procedures>().toEqualTypeOf<"ask">()
  expectTypeOf(contract.procedures.ask).toEqualTypeOf<(typeof procedures)["ask"]>()
  expectTypeOf<keyof typeof contract.channels>().toEqualTypeOf<"room">()
})

test("the input is the schema's input side, the handler gets its output side", () => {
  const page = query({ input: z.object({ limit: z.number().default(50) }), output: z.number() })
  const contract = declareCovenant({ procedures: { page }, channels: {} })
  const server = new CovenantServer(contract, { sidekickConnection: deaf })

  server.defineProcedure("page", {
    procedure({ inputs, ctx, derived }) {
      expectTypeOf(inputs).toEqualTypeOf<{ limit: number }>()
      expectTypeOf(ctx).toEqualTypeOf<undefined>()
      expectTypeOf(derived).toEqualTypeOf<undefined>()
      return inputs.limit
    },
  })

  expectTypeOf<InputOf<typeof page>>().toEqualTypeOf<{ limit?: number | undefined }>()
})

test("results and connections are typed by name", async () => {
  const { server, as } = createChat()
  const client = as("alice")

  expectTypeOf(await client.query("getTime", null)).toEqualTypeOf<ProcedureResult<{ now: Date }>>()
  const added = await server.call("addNote", { roomId: "a", text: "b" }, nowhere)
  expectTypeOf(added).toEqualTypeOf<ProcedureResult<{ count: number }>>()
  const joined = await server.connect("room", lobby, { nickname: "a" }, nowhere)
  if (joined.success) expectTypeOf(joined.context).toEqualTypeOf<{ userId: string }>()
  const hall = await server.connect("hall", { serverId: "a" }, undefined, nowhere)
  if (hall.success) expectTypeOf(hall.context).toEqualTypeOf<null>()
  client.listen("getNotes", { roomId: "a" }, (result) => {
    expectTypeOf(result.data).toEqualTypeOf<string[] | null>()
  })()
})

// Never called: the compiler must reject each line.
export function wrongUses() {
  const { server, as } = createChat()
  const client = as("alice")

  // @ts-expect-error no such procedure
  client.query("getNothing", null)
  // @ts-expect-error wrong input
  client.query("getNotes", { roomId: 1 })
  // @ts-expect-error a mutation cannot be queried
  client.query("addNote", { roomId: "a", text: "b" })
  // @ts-expect-error a query cannot be mutated
  client.mutate("getNotes", { roomId: "a" })
  // @ts-expect-error a mutation cannot be listened to
  client.listen("addNote", { roomId: "a", text: "b" }, () => {})
  // @ts-expect-error a param is missing
  client.connect("room", { serverId: "a" }, { nickname: "a" })
  // @ts-expect-error the request is not optional here
  client.connect("room", lobby)
  // @ts-expect-error no such channel
  client.connect("roof", lobby, { nickname: "a" })
  // @ts-expect-error wrong client message
  client.send("room", lobby, "token", { content: 1 })
  // @ts-expect-error a field the server message does not have
  client.subscribe("room", lobby, "token", ({ author }) => author)
  // @ts-expect-error wrong server message
  server.postChannelMessage("room", lobby, { text: "a" })
  // @ts-expect-error wrong param name
  server.postChannelMessage("hall", { roomId: "a" }, { status: "a" })
  // @ts-expect-error the handler returns something else
  server.defineProcedure("getNotes", { procedure: () => [1] })
  // @ts-expect-error no such channel to define
  server.defineChannel("roof", { onConnect: () => null, onMessage: () => {} })
  // @ts-expect-error onConnect must return the declared context
  server.defineChannel("room", { onConnect: () => ({ name: "a" }), onMessage: () => {} })
  // @ts-expect-error an input the contract does not have
  server.call("addNote", { roomId: "a" }, nowhere)
  // @ts-expect-error a channel needs params
  channel({ clientMessage: z.null(), serverMessage: z.null() })
  // @ts-expect-error a procedure needs an output
  mutation({ input: z.null() })
}

const deaf: ServerToSidekickConnection = {
  addConnection: async () => null,
  update: async () => null,
  postMessage: async () => null,
}
