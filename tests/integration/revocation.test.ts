import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import { eq } from "drizzle-orm"
import { sessions } from "../../drizzle/schema.ts"
import { listAfter } from "../../src/features/messages/store.ts"
import { clientOf, expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createTestServer, type TestServer, type Visitor } from "../support/server.ts"
import { events } from "./transports/events.ts"
import { socket } from "./transports/socket.ts"
import { stream } from "./transports/stream.ts"
import { pathOf, type Reader, refusalOf, type Transport } from "./transports/transport.ts"
import { callWire, connectWire, openWire, wire } from "./transports/wire.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(60_000)

const transports = [socket, events, stream, wire]

/** What bob loses: a place, one of his sessions, all but the one that asks, or everything. */
type Extent = "place" | "session" | "sessions" | "account"

interface Loss {
  what: string
  /** The status that says so. */
  code: 401 | 403 | 404
  extent: Extent
  /** What becomes of an invite of his, when another follows it, and of alice's when he does. */
  invites: { his: "good" | "gone"; hers: number }
  lose(scene: Scene): Promise<unknown>
}

/** bob, in the room by some transport, with a laptop on which he is signed in too. */
interface Scene {
  server: TestServer
  transport: Transport
  /** Speaks as bob from his laptop. */
  laptop: ReturnType<typeof clientOf>
  laptopToken: string
  /** The session by which he is in the room. */
  sessionId: string
}

const good = { his: "good", hers: 200 } as const
const losses: Loss[] = [
  {
    what: "being removed",
    code: 403,
    extent: "place",
    // Removal alone does not keep him out: another's invite may bring him back.
    invites: { his: "gone", hers: 200 },
    lose: ({ server: { cast, lab } }) =>
      cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }),
  },
  {
    what: "a ban",
    code: 403,
    extent: "place",
    invites: { his: "gone", hers: 403 },
    lose: ({ server: { cast, lab } }) =>
      cast.alice.client.mutate("banMember", { serverId: lab.id, userId: cast.bob.id }),
  },
  {
    what: "leaving",
    code: 403,
    extent: "place",
    invites: { his: "gone", hers: 200 },
    lose: ({ server: { lab }, laptop }) => laptop.mutate("leaveServer", { serverId: lab.id }),
  },
  {
    what: "the channel's deletion",
    code: 404,
    extent: "place",
    invites: good,
    lose: ({ server: { cast, general } }) =>
      cast.alice.client.mutate("deleteChannel", { channelId: general.id }),
  },
  {
    what: "the server's deletion",
    code: 404,
    extent: "place",
    invites: { his: "gone", hers: 404 },
    lose: ({ server: { cast, lab } }) => cast.alice.client.mutate("deleteServer", { serverId: lab.id }),
  },
  {
    what: "logging out",
    code: 401,
    extent: "session",
    invites: good,
    async lose({ server, transport }) {
      await transport.signOut(server.as("bob"))
      return { success: true }
    },
  },
  {
    what: "the session's end from another device",
    code: 401,
    extent: "session",
    invites: good,
    lose: ({ laptop, sessionId }) => laptop.mutate("revokeSession", { sessionId }),
  },
  {
    what: "the end of all other sessions",
    code: 401,
    extent: "sessions",
    invites: good,
    lose: ({ laptop }) => laptop.mutate("revokeOtherSessions", null),
  },
  {
    what: "a new password",
    code: 401,
    extent: "sessions",
    invites: good,
    lose: ({ laptop }) =>
      laptop.mutate("changePassword", { currentPassword: "password", newPassword: "another password" }),
  },
  {
    what: "the account's deletion",
    code: 401,
    extent: "account",
    invites: { his: "gone", hers: 401 },
    lose: ({ laptop }) => laptop.mutate("deleteAccount", { password: "password" }),
  },
]

const opened: Reader[] = []
afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.close()
})

for (const transport of transports) {
  describe(`by ${transport.name}`, () => {
    test.each(losses.map((loss) => [loss.what, loss] as const))("%s ends it at once", async (_, loss) => {
      using server = await createTestServer()
      const scene = await sceneOf(server, transport)
      const bob = server.as("bob")
      const alice = await opens(socket, server, server.as("alice"))
      const here = await opens(transport, server, bob)
      const onLaptop = await openWire(server, scene.laptopToken, server.room)
      opened.push(onLaptop)
      const unused = await unusedToken(scene)
      const his = expectData(await scene.laptop.mutate("createInvite", { serverId: server.lab.id })).code
      const hers = expectData(
        await server.cast.alice.client.mutate("createInvite", { serverId: server.lab.id }),
      ).code
      expect(await alice.send("before")).toBe(200)
      for (const reader of [alice, here, onLaptop]) await shows(reader, ["before"]) // or the rest proves nothing

      expect(await loss.lose(scene)).toMatchObject({ success: true })
      const saysOn = loss.code !== 404
      if (saysOn) expect(await alice.send("after")).toBe(200)

      // The next message is for the others.
      if (saysOn) {
        await shows(alice, ["before", "after"])
        expect(alice.ended()).toBeUndefined()
      }
      await until("bob is out", () => here.ended() !== undefined)
      expect(here.ended()).toBe(transport.saysWhy ? loss.code : "closed")
      expect(here.page.received).not.toContain("after")
      const keepsLaptop = loss.extent === "session" || loss.extent === "sessions"
      if (keepsLaptop) await shows(onLaptop, ["before", "after"])
      else {
        expect(onLaptop.ended()).toBe(loss.code)
        expect(onLaptop.page.received).not.toContain("after")
      }

      // Nor does anything open that did before.
      expect(await here.send("still here")).not.toBe(200)
      expect(await claims(server, unused)).toBe(false)
      const back = await opens(transport, server, bob, here.page)
      expect([back.ended(), back.page.received.includes("after")]).toEqual([loss.code, false])
      await expectShut(scene, loss)
      expect(await saidIn(server)).toEqual(saysOn ? ["before", "after"] : [])

      await expectInvites(server, scene, loss, { his, hers })
    })
  })
}

describe("a program that listens to what changes around a room", () => {
  const listeners: Pick<Loss, "what" | "lose">[] = losses.filter(({ what }) =>
    /removed|ban|logging out|account/.test(what),
  )

  test.each(listeners)("receives nothing more after $what", async ({ lose }) => {
    using server = await createTestServer()
    const { cast, lab, second, room } = server
    const scene = await sceneOf(server, wire)
    const resource = `channels/server/${lab.id}`
    const connected = await cast.bob.client.connect("chat", room, {})
    const heard: string[] = []
    const program = second.sidekick.getConnectionFromClient()
    program.onMessage((frame) => {
      heard.push(frame.type === "updated" ? frame.resource : frame.type)
    })
    program.sendMessage({ type: "subscribe", token: connected.token ?? "" })
    program.sendMessage({ type: "listen", resources: [resource] })
    await until("it listens", () => heard.includes("listening"))
    const change = (name: string) => cast.alice.client.mutate("createChannel", { serverId: lab.id, name })
    await change("first")
    await until("it is told", () => heard.includes(resource)) // or the rest proves nothing
    heard.length = 0

    await lose(scene)
    await change("second")

    await until("it is told why", () => heard.includes("error"))
    await change("third")
    expect(heard).not.toContain(resource)
    program.close()
  })
})

async function sceneOf(server: TestServer, transport: Transport): Promise<Scene> {
  const { chat, cast } = server
  const laptopToken = crypto.randomUUID()
  const [updatedAt, expiresAt] = [new Date(), new Date(Date.now() + 3_600_000)]
  const session = { id: crypto.randomUUID(), token: laptopToken, userId: cast.bob.id, updatedAt, expiresAt }
  await chat.commits.decide((tx) => tx.insert(sessions).values(session).run())
  const token = await tokenOf(server.as("bob"), transport)
  const used = await chat.db.select().from(sessions).where(eq(sessions.token, token)).get()
  return {
    server,
    transport,
    laptop: clientOf(chat, laptopToken),
    laptopToken,
    sessionId: used?.id ?? "none",
  }
}

/** The session's secret by which someone comes in. */
async function tokenOf(visitor: Visitor, transport: Transport): Promise<string> {
  if (transport === wire) return visitor.person?.token ?? ""

  const [, value = ""] = (await visitor.cookie()).match(/session_token=([^;]+)/) ?? []
  return decodeURIComponent(value).split(".")[0] ?? ""
}

/** A token for the room that was granted to that session and that nobody has used yet. */
async function unusedToken({ server, transport }: Scene): Promise<string> {
  const token = await tokenOf(server.as("bob"), transport)
  const granted = await connectWire(server, token, server.room)
  if (granted.type === "ERROR") throw new Error(granted.error.message)
  return granted.token
}

async function opens(
  transport: Transport,
  server: TestServer,
  visitor: Visitor,
  page?: Parameters<Transport["open"]>[3],
): Promise<Reader> {
  const reader = await transport.open(server, visitor, server.room, page)
  opened.push(reader)
  return reader
}

async function claims({ chat }: TestServer, token: string): Promise<boolean> {
  return chat.sidekick.claim(token) !== null
}

/** Addresses and calls that someone kept from when they were let in. */
async function expectShut({ server, transport }: Scene, { code }: Loss): Promise<void> {
  const { room, lab, general } = server
  const bob = server.as("bob")
  const [first] = await listAfter(server.chat.db, general.id, 0, 1)
  if (transport === wire) {
    const token = await tokenOf(bob, wire)
    const asked = [
      await callWire(server, token, "getMessages", { channelId: general.id, after: first?.id }),
      ...(code === 404 ? [] : [await callWire(server, token, "getChannels", { serverId: lab.id })]),
    ]
    expect(asked.map(({ error }) => error?.code)).toEqual(asked.map(() => code))
    const again = await connectWire(server, token, room)
    return expect(again).toMatchObject({ type: "ERROR", error: { code } })
  }

  const path = pathOf(room)
  const json = { headers: { accept: "application/json" } }
  const eventStream = { headers: { accept: "text/event-stream", "last-event-id": "0" } }
  const answers = [
    await bob.get(path),
    await bob.get(`${path}?before=2`, { headers: { "hx-request": "true" } }),
    await bob.get(`${path}?transport=stream`),
    await bob.get(`${path}/around`, { headers: { "hx-request": "true" } }),
    await bob.get(`${path}/events`, eventStream),
    await bob.get(`${path}/events?after=0`),
    await bob.get(`${path}/stream?after=0`),
    await bob.post(`${path}/messages`, { content: "let me in" }, json),
    await bob.post(`${path}/messages`, { content: "let me in" }),
  ]
  const refused = answers.map((answer) => {
    const toLogin = answer.headers.get("hx-redirect")?.startsWith("/login")
    return toLogin ? 401 : refusalOf(answer)
  })
  expect(refused).toEqual(answers.map(() => code))
  for (const answer of answers) expect(await answer.text()).not.toContain("before")

  const permalink = await bob.get(`/messages/${first?.id ?? "gone"}`)
  expect(refusalOf(permalink)).toBe(code === 401 ? 401 : 404)
}

async function expectInvites(
  server: TestServer,
  { laptop }: Scene,
  { invites }: Loss,
  { his, hers }: { his: string; hers: string },
): Promise<void> {
  const { mallory } = server.cast
  const preview = await mallory.client.query("getInvite", { code: his })
  expect(preview.error?.code ?? "good").toBe(invites.his === "gone" ? 404 : "good")
  const joined = await mallory.client.mutate("joinServer", { code: his })
  expect(joined.error?.code ?? "good").toBe(invites.his === "gone" ? 404 : "good")
  const back = await laptop.mutate("joinServer", { code: hers })
  expect(back.error?.code ?? 200).toBe(invites.hers)
}

async function saidIn({ chat, general }: TestServer): Promise<string[]> {
  return (await listAfter(chat.db, general.id, 0, 100)).map(({ content }) => content)
}

async function shows(reader: Reader, contents: string[]): Promise<void> {
  const seen = () => reader.view().map(({ content }) => content)
  await until(`${JSON.stringify(contents)} is shown`, () => Bun.deepEquals(seen(), contents)).catch(() => {})
  expect(seen()).toEqual(contents)
}
