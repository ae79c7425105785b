import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { covenant } from "../../src/covenant.ts"
import { createTestChat, expectData, type TestChat } from "../support/chat.ts"
import { listen } from "../support/listen.ts"
import { upload } from "../support/pictures.ts"
import { addressOf, ask, type Ids, routesOf } from "../support/routes.ts"
import { createTestServer, type Visitor } from "../support/server.ts"
import { readEverything } from "../support/test-database.ts"
import { post } from "./transports/transport.ts"

// Who gets what, beyond tests/unit/procedures.test.ts and tests/integration/http/matrix.test.ts: who may connect to
// which channel of the contract, and that a removed member is a stranger everywhere.

setDefaultTimeout(60_000)

type Who = "anonymous" | "stranger" | "member" | "owner" | "removed"
/** Alice's place, where mallory is a stranger; mallory's, where everyone else is; half of each; none. */
type Where = "here" | "there" | "mixed" | "nowhere"
type Row = Record<Who, 401 | 403 | 404 | "connected">

const everyone: Who[] = ["anonymous", "stranger", "member", "owner", "removed"]
const here: Row = { anonymous: 401, stranger: 403, member: "connected", owner: "connected", removed: 403 }
const there: Row = { anonymous: 401, stranger: "connected", member: 403, owner: 403, removed: 403 }
const notFound: Row = { anonymous: 401, stranger: 404, member: 404, owner: 404, removed: 404 }

const expected: Record<keyof typeof covenant.channels, Partial<Record<Where, Row>>> = {
  chat: { here, there, mixed: notFound, nowhere: notFound },
  // Its params name no server, so there is nothing to mix.
  presence: { here, there, nowhere: notFound },
  activity: { here, there, nowhere: notFound },
  channelActivity: { here, there, nowhere: notFound },
}

test("every channel of the contract is in the table above", () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(covenant.channels).sort())
})

const cells = Object.entries(expected).flatMap(([channel, rows]) =>
  Object.entries(rows).flatMap(([where, row]) =>
    everyone.map((who) => ({ channel, where, who, outcome: row[who] })),
  ),
)

describe("connecting to a channel", () => {
  test.each(cells)("$channel $where as $who: $outcome", async ({ channel, where, who, outcome }) => {
    using app = await createTestChat()
    const places = await placesOf(app)
    if (who === "removed") await removeBob(app)
    const token = tokenOf(app, who)
    const headers = new Headers(token ? { authorization: `Bearer ${token}` } : {})
    const { channelId, serverId } = places[where as Where]
    const paramsOf = { chat: { serverId, channelId }, activity: { serverId } }
    const params = channel in paramsOf ? paramsOf[channel as keyof typeof paramsOf] : { channelId }

    const { chat } = app
    const result = await chat.server.processConnection(channel, params, {}, { headers, url: "" })

    expect<unknown>(result.success ? "connected" : result.error.code).toBe(outcome)
    expect(chat.sidekick.stats().tokens).toBe(outcome === "connected" ? 1 : 0)
  })
})

/** Each procedure and route gets a chat of its own, with something of everything. */
const timeoutMs = 240_000

describe("a removed member is a stranger", () => {
  test(
    "to every procedure, also for what was theirs",
    async () => {
      const names = Object.keys(covenant.procedures).filter((name) => !/login|signUp/.test(name))
      const told: Record<string, unknown> = {}
      const strangers: Record<string, unknown> = {}

      using shared = await createTestChat()
      const belonging = await belongings(shared)
      await removeBob(shared)

      for (const name of names) {
        // Procedures that end own sessions need a chat of their own; nothing else changes what the next one finds.
        using own = endsSessions(name) ? await createTestChat() : undefined
        const app = own ?? shared
        const inputs = { ...(own ? await belongings(own) : belonging), ...something }
        if (own) await removeBob(own)
        const before = await rowsOf(app)
        const outcome = async (who: Who) => {
          const headers = new Headers({ authorization: `Bearer ${tokenOf(app, who)}` })
          const own = takesNothing(name) ? null : inputs
          const { data, error } = await app.chat.server.processProcedure(name, own, { headers, url: "" })
          expect([name, JSON.stringify(data ?? "").includes(app.lab.id)]).toEqual([name, false])
          return error?.code ?? "done"
        }
        told[name] = await outcome("removed")
        strangers[name] = await outcome("stranger")
        expect([name, await rowsOf(app)]).toEqual([name, before])
      }

      expect(told).toEqual(strangers)
      expect(Object.values(told).filter((code) => code === 403 || code === 404).length).toBeGreaterThan(15)
    },
    timeoutMs,
  )

  test(
    "to every route, also for what was theirs",
    async () => {
      using first = await createTestServer()
      const routes = routesOf(first).filter(
        (route) => route.includes("/:") && !/^WS|:file\b|:version|:procedure/.test(route),
      )
      expect(routes.length).toBeGreaterThan(30)
      const told: Record<string, unknown> = {}
      const strangers: Record<string, unknown> = {}

      const ids = { ...(await belongings(first)), sessionId: "none" } as unknown as Ids
      await removeBob(first)

      for (const route of routes) {
        const server = first
        const before = await rowsOf(server)
        told[route] = await outcomeOf(server.as("bob"), route, ids)
        strangers[route] = await outcomeOf(server.as("mallory"), route, ids)
        expect([route, await rowsOf(server)]).toEqual([route, before])
      }

      expect(told).toEqual(strangers)
      expect(Object.values(told).filter((status) => status === 403 || status === 404).length).toBeGreaterThan(
        30,
      )
    },
    timeoutMs,
  )

  test("to what they knew before: old grants, cursors, invites and addresses", async () => {
    using server = await createTestServer()
    const { room, roomPath, cast } = server
    const { code, messageId, fileId } = await belongings(server)
    const bobs = await listen(cast.bob, room)
    const unused = await cast.bob.client.connect("chat", room, {})
    await removeBob(server)
    await post(server.as("alice"), room, "behind closed doors")

    const bob = server.as("bob")
    const old = [
      `${roomPath}?after=0`,
      `${roomPath}/events?after=0`,
      `${roomPath}/stream?after=0`,
      `${roomPath}/around`,
    ]
    const addresses = [`/files/${fileId}`, `/files/${fileId}/preview/400`, `/files/${fileId}/view`]
    for (const path of [...old, ...addresses, `/messages/${messageId}`, `/invites/${code}`]) {
      const answer = await bob.get(path, { headers: { "last-event-id": "0" } })
      expect([path, [403, 404].includes(answer.status)]).toEqual([path, true])
      expect(await answer.text()).not.toContain("behind closed doors")
    }
    for (const token of [bobs.token, unused.token ?? ""]) {
      const sent = cast.bob.client.send("chat", room, token, { content: "by an old grant" })
      await expect(sent).rejects.toMatchObject({ fault: "client" })
    }
    expect(bobs.heard).toEqual([])
  })
})

/** What any input may need besides ids. */
const something = {
  ...{ name: "new", alt: "new", content: "new", position: 1, reason: "", limit: 10, sessionId: "none" },
  ...{ emoji: "👍" },
  ...{ currentPassword: "wrong password", newPassword: "another password", password: "wrong password" },
}

const endsSessions = (name: string) => /^(logout|revokeOtherSessions)$/.test(name)

const takesNothing = (name: string) =>
  /^(logout|getSessions|revokeOtherSessions|getServers|getUnread|getConversations|getBlockedUsers|getSettings|removeAvatar)$/.test(
    name,
  )

/** Ids of what bob has in the room: a message with a picture, and an invite. */
async function belongings(app: TestChat) {
  const { bob, alice } = app.cast
  const { lab, room } = app
  const { code } = expectData(await bob.client.mutate("createInvite", { serverId: lab.id }))
  const { id: fileId } = await upload(app, "bob")
  const messageId = crypto.randomUUID()
  const { token } = await bob.client.connect("chat", room, {})
  await bob.client.send("chat", room, token ?? "", { content: "by bob", id: messageId, files: [fileId] })
  return { ...room, messageId, code, userId: alice.id, fileId, size: "400" }
}

async function removeBob({ cast: { alice, bob }, lab }: TestChat): Promise<void> {
  expectData(await alice.client.mutate("removeMember", { serverId: lab.id, userId: bob.id }))
}

/** Every row about alice's server: nobody who is not in it may change one. */
async function rowsOf({ database, lab, general }: TestChat): Promise<string[]> {
  const tables = Object.entries(await readEverything(database))
  const rows = tables.flatMap(([name, contents]) => contents.map((row) => `${name} ${JSON.stringify(row)}`))
  return rows.filter((row) => row.includes(lab.id) || row.includes(general.id))
}

async function placesOf({ cast: { mallory }, room }: TestChat): Promise<Record<Where, TestChat["room"]>> {
  const { id: serverId } = expectData(await mallory.client.mutate("createServer", { name: "Den" }))
  const { id: channelId } = expectData(
    await mallory.client.mutate("createChannel", { serverId, name: "cellar" }),
  )
  const nowhere = { serverId: "none", channelId: "none" }
  return { here: room, there: { serverId, channelId }, mixed: { ...room, serverId }, nowhere }
}

function tokenOf({ cast: { alice, bob, mallory } }: TestChat, who: Who): string | undefined {
  return { anonymous: undefined, stranger: mallory, member: bob, owner: alice, removed: bob }[who]?.token
}

async function outcomeOf(visitor: Visitor, route: string, ids: Ids): Promise<unknown> {
  const answer = await ask(visitor, route, ids)
  const text = await answer.text()
  expect([route, text.includes("by bob")]).toEqual([route, false])
  const to = answer.headers.get("location")?.replace(addressOf(route, ids), "itself")
  return to ? `${answer.status} ${to}` : answer.status
}
