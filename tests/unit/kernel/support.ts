import { z } from "zod"
import {
  type CallRequest,
  type ClientToServerConnection,
  CovenantClient,
  CovenantServer,
  channel,
  declareCovenant,
  directClientToServer,
  InternalSidekick,
  type InternalSidekickOptions,
  mutation,
  query,
} from "../../../src/kernel/index.ts"

/** A contract with every kind of entry: rooms with notes, and a channel per room. */
export const covenant = declareCovenant({
  procedures: {
    getNotes: query({ input: z.object({ roomId: z.string() }), output: z.array(z.string()) }),
    getTime: query({ input: z.null(), output: z.object({ now: z.date() }) }),
    addNote: mutation({
      input: z.object({ roomId: z.string(), text: z.string().min(1) }),
      output: z.object({ count: z.number() }),
    }),
  },
  channels: {
    room: channel({
      clientMessage: z.object({ text: z.string().min(1) }),
      serverMessage: z.object({ text: z.string(), from: z.string(), at: z.date() }),
      connectionRequest: z.object({ nickname: z.string() }),
      connectionContext: z.object({ userId: z.string() }),
      params: ["serverId", "roomId"],
    }),
    hall: channel({
      clientMessage: z.object({ status: z.enum(["typing", "online"]) }),
      serverMessage: z.object({ status: z.string() }),
      params: ["serverId"],
    }),
  },
})

export const lobby = { serverId: "s1", roomId: "lobby" }
export const cellar = { serverId: "s1", roomId: "cellar" }
export const nowhere: CallRequest = { headers: new Headers(), url: "" }

/** A server with all handlers. The input `explode` makes a handler throw an error with a secret. */
export function createChat(options: InternalSidekickOptions = {}) {
  const bugs: { error: unknown; where: string }[] = []
  const onUnexpected = (error: unknown, where: string) => void bugs.push({ error, where })
  const sidekick = new InternalSidekick({ onUnexpected, ...options })
  const notes = new Map<string, string[]>()
  const processed: string[] = []

  const server = new CovenantServer(covenant, {
    sidekickConnection: sidekick.getConnectionFromServer(),
    contextGenerator: ({ request }) => ({ userId: request.headers.get("x-user") }),
    derivation: ({ ctx, error }) => ({
      requireUser: () => ctx.userId ?? error("Log in first", 401),
    }),
    onUnexpected,
  })
  server.defineProcedure("getTime", { procedure: () => ({ now: new Date(0) }) })
  server.defineProcedure("getNotes", {
    resources: ({ inputs }) => [`notes/${inputs.roomId}`],
    procedure: ({ inputs }) => [...(notes.get(inputs.roomId) ?? [])],
  })
  server.defineProcedure("addNote", {
    resources: ({ inputs }) => [`notes/${inputs.roomId}`],
    procedure({ inputs, derived }) {
      derived.requireUser()
      if (inputs.text === "explode") throw new Error("the password is swordfish")
      const list = [...(notes.get(inputs.roomId) ?? []), inputs.text]
      notes.set(inputs.roomId, list)
      return { count: list.length }
    },
  })
  server.defineChannel("room", {
    onConnect: ({ params, derived, reject }) => {
      const userId = derived.requireUser()
      if (params.roomId === "vault") reject("The vault is closed", "client")
      return { userId }
    },
    onMessage: async ({ inputs, params, context, derived, error }) => {
      if (inputs.text === "explode") throw new Error("the password is swordfish")
      if (inputs.text === "who am I") derived.requireUser()
      if (inputs.text === "flood") error("Slow down", 429, { retryAfterSeconds: 7 })
      await Promise.resolve()
      processed.push(inputs.text)
      await server.postChannelMessage("room", params, {
        text: inputs.text,
        from: context.userId,
        at: new Date(0),
      })
    },
  })
  server.defineChannel("hall", {
    onConnect: () => null,
    onMessage: async ({ inputs, params }) => {
      await server.postChannelMessage("hall", params, { status: inputs.status })
    },
  })
  sidekick.setServerCallback((name, params, data, context) =>
    server.processChannelMessage(name, params, data, context),
  )

  const as = (user: string) => {
    const faults: string[] = []
    const client = new CovenantClient(covenant, {
      serverConnection: directClientToServer(server, { "x-user": user }),
      sidekickConnection: sidekick.getConnectionFromClient(user),
      onFault: ({ message }) => void faults.push(message),
      onUnexpected,
    })
    return Object.assign(client, { faults })
  }

  const tokenFor = async (user: string, params: typeof lobby): Promise<string> => {
    const request: CallRequest = { headers: new Headers({ "x-user": user }), url: "" }
    const connected = await server.connect("room", params, { nickname: user }, request)
    if (!connected.success) throw new Error(connected.error.message)
    return connected.token
  }

  const post = (params: typeof lobby, text: string) =>
    server.postChannelMessage("room", params, { text, from: "server", at: new Date(0) })

  return { server, sidekick, bugs, notes, processed, as, tokenFor, post }
}

/** Resolves when the condition holds; rejects after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 2000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("The condition never held")
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Lets all started work finish: tasks of 0 ms and those they start. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setTimeout(resolve, 0))
}

export const unused: ClientToServerConnection = {
  runProcedure: () => Promise.reject(new Error("unused")),
  sendConnectionRequest: () => Promise.reject(new Error("ECONNREFUSED 10.0.0.1")),
}
