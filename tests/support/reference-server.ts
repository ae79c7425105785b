// A process with a server of the reference package. The environment names its sidekick.
import { CovenantServer, httpServerToSidekick, vanillaAdapter } from "@covenant-rpc/server"
import { reference } from "./reference-contract.ts"

const { SIDEKICK_URL = "", SIDEKICK_SECRET = "" } = process.env
const notes = new Map<string, string[]>()

/** The part that is used; the package's own types require another schema library. */
interface ReferenceServer {
  defineProcedure(name: string, definition: object): void
  defineChannel(name: string, definition: object): void
  postChannelMessage(name: string, params: object, data: object): Promise<unknown>
  assertAllDefined(): void
}

interface Sent {
  inputs: { text: string }
  params: object
  context: { name: string }
  error(reason: string, fault: string): never
}

const made = new CovenantServer(reference as never, {
  contextGenerator: () => null,
  derivation: () => null,
  sidekickConnection: httpServerToSidekick(SIDEKICK_URL, SIDEKICK_SECRET),
})
const server = made as never as ReferenceServer

server.defineProcedure("getNotes", {
  resources: ({ inputs }: { inputs: { room: string } }) => [`notes/${inputs.room}`],
  procedure: ({ inputs }: { inputs: { room: string } }) => notes.get(inputs.room) ?? [],
})
server.defineProcedure("addNote", {
  resources: ({ inputs }: { inputs: { room: string } }) => [`notes/${inputs.room}`],
  procedure({ inputs }: { inputs: { room: string; text: string } }) {
    notes.set(inputs.room, [...(notes.get(inputs.room) ?? []), inputs.text])
    return null
  },
})
server.defineChannel("room", {
  onConnect: ({ inputs }: { inputs: { name: string } }) => ({ name: inputs.name, since: new Date() }),
  async onMessage({ inputs, params, context, error }: Sent) {
    if (inputs.text === "forbidden") error("That may not be said", "client")
    await server.postChannelMessage("room", params, { text: inputs.text, from: context.name, at: new Date() })
  },
})
server.assertAllDefined()

const answer = vanillaAdapter(made)
const { port } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => answer(request) })
process.stdout.write(`The reference listens on http://localhost:${port}\n`)
