import { describe, expect, test } from "bun:test"
import { insertMember } from "../../../src/features/members/store.ts"
import { administrate } from "../../support/administrators.ts"
import { appear, expectData, givePassword } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { expected } from "../../support/route-rules/all.ts"
import { forNobody, type Outcome, type Role } from "../../support/route-rules/outcomes.ts"
import { addressOf, ask, type Ids, idsOf, routesOf } from "../../support/routes.ts"
import { createTestServer, openTestServer, type TestServer, type Visitor } from "../../support/server.ts"
import { changeRows } from "../../support/test-database.ts"
import { untouched } from "../../support/untouched.ts"

/** The administrator is in no server. A suspended user is a member, and still has the cookie of a session. */
type Actor = Role | "administrator" | "suspended"

const actors: Actor[] = ["stranger", "outsider", "member", "owner", "administrator", "suspended"]

/** What each gets: administrators what outsiders get, except where people administer; the suspended what strangers get. */
function expectedFor(route: string): Record<Actor, Outcome> {
  const outcomes = expected[route] ?? forNobody
  const { stranger, outsider, owner } = outcomes
  const isAdministration = route.split(" ")[1]?.startsWith("/admin")
  return {
    ...outcomes,
    administrator: isAdministration ? owner : outsider,
    suspended: stranger,
  }
}

type Served = Awaited<ReturnType<typeof openServer>>

let stored: Awaited<ReturnType<typeof store>> | undefined

/** A server with things in it, stored once: most requests that change something get a copy of their own. */
async function store() {
  const server = await createTestServer()
  const ids = await idsOf(server)
  const [administrator, suspended] = [await appear(server.chat, "carol"), await appear(server.chat, "dave")]
  await givePassword(server.chat, administrator, server)
  await administrate(server.chat, administrator.id)
  await server.chat.commits.decide((tx) => insertMember(tx, server.lab.id, suspended.id))
  expectData(await server.cast.alice.client.mutate("suspendPerson", { userId: suspended.id }))
  return { world: await server.keep(), ids, administrator, suspended }
}

async function openServer() {
  stored ??= await store()
  const { world, ids, ...others } = stored
  const server = await openTestServer(world)
  // An act can be undone for seconds only.
  await changeRows(server.chat, `update undoable_acts set expires_at = ${Date.now() + 60_000}`)
  const dump = async () => withoutDeliveries(await server.dump())
  return { ...server, dump, ids, ...others }
}

const meet = untouched(openServer)

/** Deliveries of the outgoing webhook fail and are tried again meanwhile, for any request. */
function withoutDeliveries({
  outgoing_webhooks: hooks = [],
  ...tables
}: Awaited<ReturnType<TestServer["dump"]>>) {
  const lasting = hooks.map(({ id, url, secret, disabled_at }) => ({ id, url, secret, disabled_at }))
  return { ...tables, outgoing_webhooks: lasting }
}

test("every route is in the table above, and nothing else is", async () => {
  using server = await createTestServer()

  expect(routesOf(server).toSorted()).toEqual(Object.keys(expected).toSorted())
})

describe("strangers, outsiders, members, the owner, administrators and suspended users get what they may see", () => {
  test.each(Object.keys(expected))("%s", async (route) => {
    const outcomes: Partial<Record<Actor, Outcome>> = {}
    const changedThoughRefused: Actor[] = []

    for (const actor of actors) {
      const visit = (server: Served) => outcomeOf(visitorAs(actor, server), route, server.ids, server)
      const { result, isChanged } = await meet(visit)
      outcomes[actor] = result
      if (isChanged && typeof result === "number" && result >= 400) changedThoughRefused.push(actor)
    }

    expect(outcomes).toEqual(expectedFor(route))
    expect(changedThoughRefused).toEqual([])
  })
})

const withIds = Object.keys(expected).filter((route) => route.includes(":") && !route.includes("/static/"))

describe("missing things are not found, for people who are signed in", () => {
  test.each(withIds)("%s", async (route) => {
    const nowhere = {
      serverId: "no",
      channelId: "no",
      messageId: "no",
      userId: "no",
      code: "no",
      sessionId: "no",
      fileId: "no",
      size: "400",
      procedure: "no",
      exportId: "no",
      botId: "no",
      tokenId: "no",
      webhookId: "no",
      hookId: "no",
      previewId: "no",
      avatarId: "no",
      token: "no",
      act: "no",
      invitationId: "no",
      announcementId: "no",
      ruleId: "no",
      questionId: "no",
      roleId: "no",
      reportId: "no",
      undoId: "no",
      providerId: "no",
      reminderId: "no",
      scheduledId: "no",
      feedId: "no",
    }

    const { result } = await meet((server) => outcomeOf(server.as("alice"), route, nowhere, server))

    const isForAnyName = route === "GET /viewers/:file"
    // An announcement that has ended is gone, as requested.
    const isGone = route === "POST /announcements/:announcementId/dismiss"
    expect(result).toBe(isGone ? "go on" : isForAnyName ? 200 : route.startsWith("WS") ? 4404 : 404)
  })
})

test("an owner cannot act on another server's things by naming both", async () => {
  using server = await createTestServer()
  const { mallory } = server.cast
  const ids = await idsOf(server)
  const lair = expectData(await mallory.client.mutate("createServer", { name: "Lab" }))
  const rooms = withIds.filter(
    (route) => /:(channelId|messageId|code|userId|sessionId|fileId)/.test(route) && route.startsWith("POST"),
  )
  expect(rooms.length).toBeGreaterThan(8)

  for (const route of rooms.filter((route) => route !== "POST /invites/:code")) {
    const before = await server.dump()
    const outcome = await outcomeOf(server.as("mallory"), route, { ...ids, serverId: lair.id }, server)
    expect([route, [403, 404].includes(Number(outcome))]).toEqual([route, true])
    expect(await server.dump()).toEqual(before)
  }
})

function visitorAs(actor: Actor, server: Served): Visitor {
  const names = { outsider: "mallory", member: "bob", owner: "alice" } as const
  if (actor === "stranger") return server.visitor(null)
  if (actor === "administrator" || actor === "suspended") return server.signedIn(server[actor])
  return server.as(names[actor])
}

async function outcomeOf(visitor: Visitor, route: string, ids: Ids, server: TestServer): Promise<Outcome> {
  if (route.startsWith("WS")) return closeCodeOf(visitor, addressOf(route, ids), server)

  const answer = await ask(visitor, route, ids)
  await answer.body?.cancel()
  if (answer.status !== 303) return answer.status

  return answer.headers.get("location")?.startsWith("/login") ? "sign in" : "go on"
}

async function closeCodeOf(visitor: Visitor, path: string, { origin }: TestServer): Promise<Outcome> {
  const headers = { cookie: await visitor.cookie(), origin }
  const ws = new WebSocket(origin.replace("http", "ws") + path, { headers })
  let outcome: Outcome | undefined
  const live = () => {
    outcome ??= "live"
  }
  ws.onmessage = live
  if (path === "/socket") ws.onopen = live
  ws.onclose = ({ code }) => {
    outcome ??= code
  }
  await until("the socket says something", () => outcome !== undefined)
  ws.close()
  return outcome ?? 0
}
