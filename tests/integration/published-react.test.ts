import { expect, setDefaultTimeout, test } from "bun:test"
import { httpClientToServer, httpClientToSidekick } from "@covenant-rpc/client/interfaces/http"
import { CovenantReactClient } from "@covenant-rpc/react"
import { createElement } from "react"
import { create } from "react-test-renderer"
import { covenant } from "../../src/covenant.ts"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createTestServer, type TestServer } from "../support/server.ts"

// The unmodified React client from npm against a running server.
setDefaultTimeout(60_000)
const patience = 20_000

interface State {
  loading: boolean
  data: never
  error: { code: number; message: string } | null
}

/** The part that is used; the package's own types require another schema library. */
interface ReactClient {
  useQuery(name: string, inputs: unknown): State
  useListenedQuery(name: string, inputs: unknown, remote: boolean): State
  useCachedQuery(name: string, inputs: unknown, remote: boolean): State
  useMutation(name: string): [mutate: (inputs: unknown) => Promise<void>, state: State]
  connect(channel: string, params: object, data: unknown): Promise<{ token: string }>
  subscribe(
    channel: string,
    params: object,
    token: string,
    hear: (message: never) => void,
  ): Promise<() => void>
  disconnect(): void
}

function clientOf({ origin, cast }: TestServer, name: "alice" | "bob" | "mallory"): ReactClient {
  return new CovenantReactClient(covenant as never, {
    serverConnection: httpClientToServer(`${origin}/api/covenant`, {
      authorization: `Bearer ${cast[name].token}`,
    }),
    sidekickConnection: httpClientToSidekick(origin.replace("http", "ws")),
  }) as never as ReactClient
}

/** A component that only calls a hook; `seen` is the hook's last result. */
function render<Seen>(hook: () => Seen) {
  let seen: Seen | undefined
  const Component = () => {
    seen = hook()
    return null
  }
  const root = create(createElement(Component))
  const shows = (what: string, holds: (seen: Seen) => boolean) =>
    until(what, () => seen !== undefined && holds(seen), patience)
  return { seen: () => seen as Seen, shows, unmount: () => root.unmount() }
}

const namesIn = ({ data }: State) => ((data ?? []) as { name: string }[]).map(({ name }) => name)

test("a query renders with dates as Date, and a failure with code and message", async () => {
  using server = await createTestServer()
  const [bob, mallory] = [clientOf(server, "bob"), clientOf(server, "mallory")]
  const { channelId } = server.room

  const servers = render(() => bob.useQuery("getServers", null))
  await servers.shows("it is loaded", ({ loading }) => !loading)
  const refused = render(() => mallory.useQuery("getMessages", { channelId }))
  await refused.shows("it is refused", ({ error }) => error !== null)

  expect(servers.seen()).toMatchObject({ data: [{ name: "Lab", createdAt: expect.any(Date) }], error: null })
  expect(refused.seen().error).toEqual({ code: 403, message: "You are not a member of this server" })
  for (const view of [servers, refused]) view.unmount()
  bob.disconnect()
  mallory.disconnect()
})

test("a mutation runs on demand, and queries it affects are fetched again", async () => {
  using server = await createTestServer()
  const alice = clientOf(server, "alice")
  const serverId = server.lab.id
  const view = render(() => ({
    channels: alice.useListenedQuery("getChannels", { serverId }, false),
    creating: alice.useMutation("createChannel"),
  }))
  await view.shows("it is loaded", ({ channels }) => namesIn(channels).length === 1)
  const [create, before] = view.seen().creating
  expect(before).toEqual({ loading: false, data: null as never, error: null })
  await create({ serverId, name: "news" })
  await view.shows("it is fetched again", ({ channels }) => namesIn(channels).includes("news"))
  await view.shows("it says so", ({ creating: [, { data }] }) => data !== null)
  expect(view.seen().creating[1].data).toMatchObject({ name: "news", createdAt: expect.any(Date) })
  await create({ serverId, name: "" })
  await view.shows("it is refused", ({ creating: [, { error }] }) => error?.code === 400)
  view.unmount()
  alice.disconnect()
})

test.each(["useListenedQuery", "useCachedQuery"] as const)(
  "%s shows what others change, until it is unmounted",
  async (hook) => {
    using server = await createTestServer()
    const bob = clientOf(server, "bob")
    const { lab, room, cast, chat } = server
    // A listener is identified by a connection; a page of the chat has one.
    const { token } = await bob.connect("chat", room, {})
    const view = render(() => bob[hook]("getChannels", { serverId: lab.id }, true))
    await bob.subscribe("chat", room, token, () => {})
    await view.shows("it is loaded", (state) => namesIn(state).length === 1)
    const listeners = () => chat.sidekick.stats().listeners
    await until("the hook listens", () => listeners() === 1, patience)

    expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "news" }))
    await view.shows("it is told", (state) => namesIn(state).includes("news"))

    view.unmount()
    await until("the hook does not listen any more", () => listeners() === 0, patience)
    bob.disconnect()
  },
)
