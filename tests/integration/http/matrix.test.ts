import { describe, expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { addressOf, ask, type Ids, idsOf, routesOf } from "../../support/routes.ts"
import { createTestServer, type TestServer, type Visitor } from "../../support/server.ts"
import { untouched } from "../../support/untouched.ts"

/** An HTTP status, or where a redirect goes: to sign in, or on; a close code for the WebSocket. */
type Outcome = number | "sign in" | "go on" | "live"
type Row = [stranger: Outcome, outsider: Outcome, member: Outcome, owner: Outcome]

const forAll: Row = [200, 200, 200, 200]
const forSignedIn: Row = ["sign in", 200, 200, 200]
const forNobody: Row = ["sign in", 404, 404, 404]
const forMembers: Row = ["sign in", 403, 200, 200]
// The page to sign in on may not stand in a frame.
const framedForMembers: Row = [401, 403, 200, 200]
const forOwner: Row = ["sign in", 403, 403, 200]
const doneByOwner: Row = ["sign in", 403, 403, "go on"]

/** By a webhook's address: Discord's, and the same with the version of its API. */
const webhookRoutes = ["/api/webhooks", "/api/v10/webhooks"].flatMap((base) =>
  [
    ...["GET", "PATCH", "DELETE", "POST"].map((method) => [method, ""]),
    ...["GET", "PATCH", "DELETE"].map((method) => [method, "/messages/:messageId"]),
    ...["/slack", "/github"].map((suffix) => ["POST", suffix]),
  ].map(([method, suffix]) => `${method} ${base}/:webhookId/:token${suffix}`),
)

/** Who gets what. The owner wrote the message, made the invite and has the session; the one to be removed is the member. */
const expected: Record<string, Row> = {
  "GET /health": forAll,
  "GET /metrics": forAll,
  "GET /static/:version/*": forAll,
  "GET /viewers/:file": forAll,
  "GET /login": [200, "go on", "go on", "go on"],
  "POST /login": [401, 401, 401, 401],
  "GET /signup": forAll,
  "POST /signup": [400, 400, 400, 400],
  "POST /logout": ["sign in", "sign in", "sign in", "sign in"],
  "GET /account": forSignedIn,
  "POST /account/sessions/:sessionId/revoke": ["sign in", 404, 404, "go on"],
  "POST /account/sessions/revoke-others": ["sign in", "go on", "go on", "go on"],
  "GET /settings": forSignedIn,
  "POST /settings": ["sign in", "go on", "go on", "go on"],
  "GET /account/password": forSignedIn,
  "POST /account/password": ["sign in", "go on", "go on", "go on"],
  "GET /account/delete": forSignedIn,
  "POST /account/delete": ["sign in", "go on", "go on", 400],
  "GET /account/bots": forSignedIn,
  "POST /account/bots": ["sign in", "go on", "go on", "go on"],
  // Each has their own; the one asked about is the owner's.
  "GET /account/bots/:botId": ["sign in", 404, 404, 200],
  "POST /account/bots/:botId/tokens": ["sign in", 404, 404, 200],
  "POST /account/bots/:botId/tokens/:tokenId/revoke": ["sign in", 404, 404, "go on"],
  "GET /account/bots/:botId/delete": ["sign in", 404, 404, 200],
  "POST /account/bots/:botId/delete": ["sign in", 404, 404, "go on"],
  "GET /servers/:serverId/bots": forOwner,
  // What is sent names no bot of theirs.
  "POST /servers/:serverId/bots": ["sign in", 403, 403, 404],
  "GET /": forSignedIn,
  "GET /servers/new": forSignedIn,
  "POST /servers": ["sign in", "go on", "go on", "go on"],
  "GET /servers/:serverId": ["sign in", 403, "go on", "go on"],
  "GET /servers/:serverId/settings": forMembers,
  "POST /servers/:serverId": doneByOwner,
  "GET /servers/:serverId/delete": forOwner,
  "POST /servers/:serverId/delete": doneByOwner,
  "GET /servers/:serverId/channels/new": forOwner,
  "POST /servers/:serverId/channels": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/settings": forOwner,
  "POST /servers/:serverId/channels/:channelId": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/delete": forOwner,
  "POST /servers/:serverId/channels/:channelId/delete": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/webhooks": forOwner,
  "POST /servers/:serverId/channels/:channelId/webhooks": ["sign in", 403, 403, 200],
  "POST /servers/:serverId/channels/:channelId/webhooks/:webhookId/renew": ["sign in", 403, 403, 200],
  "POST /servers/:serverId/channels/:channelId/webhooks/:webhookId/delete": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/outgoing-webhooks": forOwner,
  "POST /servers/:serverId/channels/:channelId/outgoing-webhooks": ["sign in", 403, 403, 200],
  "POST /servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/retry": doneByOwner,
  "POST /servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/delete": doneByOwner,
  // Whoever has its address, signed in or not; nobody here has.
  ...Object.fromEntries(webhookRoutes.map((route) => [route, [401, 401, 401, 401]])),
  "GET /avatars/:avatarId": ["sign in", 404, 200, 200],
  "GET /servers/:serverId/members": forMembers,
  "GET /servers/:serverId/leave": forMembers,
  "POST /servers/:serverId/leave": ["sign in", 403, "go on", 400],
  "GET /servers/:serverId/members/:userId/remove": forOwner,
  "POST /servers/:serverId/members/:userId/remove": doneByOwner,
  "GET /servers/:serverId/members/:userId/ban": forOwner,
  "GET /servers/:serverId/bans": forOwner,
  "POST /servers/:serverId/bans": doneByOwner,
  // Nobody is banned there.
  "POST /servers/:serverId/bans/:userId/lift": ["sign in", 403, 403, 404],
  "GET /servers/:serverId/invites": forMembers,
  "POST /servers/:serverId/invites": forMembers,
  "GET /invites/:code": forAll,
  "POST /invites/:code": ["sign in", "go on", "go on", "go on"],
  "POST /invites/:code/revoke": ["sign in", 404, 403, 200],
  "GET /emoji": forSignedIn,
  "GET /switch": forSignedIn,
  "GET /keyboard": forSignedIn,
  "GET /servers/:serverId/channels/:channelId": forMembers,
  "GET /servers/:serverId/channels/:channelId/around": forMembers,
  "GET /servers/:serverId/channels/:channelId/jump": forMembers,
  "GET /servers/:serverId/channels/:channelId/composer": framedForMembers,
  "GET /servers/:serverId/channels/:channelId/complete": forMembers,
  "POST /servers/:serverId/channels/:channelId/preview": forMembers,
  "POST /servers/:serverId/channels/:channelId/messages": ["sign in", 403, "go on", "go on"],
  // A stream of events cannot lead anywhere else.
  "GET /servers/:serverId/channels/:channelId/events": [401, 403, 200, 200],
  "GET /servers/:serverId/channels/:channelId/stream": framedForMembers,
  "GET /messages/:messageId": ["sign in", 404, "go on", "go on"],
  "GET /messages/:messageId/actions": ["sign in", 404, 200, 200],
  "GET /messages/:messageId/reply": ["sign in", 404, "go on", "go on"],
  "GET /messages/:messageId/history": ["sign in", 404, 200, 200],
  "GET /messages/:messageId/react": ["sign in", 404, 200, 200],
  "GET /servers/:serverId/channels/:channelId/polls/new": forMembers,
  // The one answer that is sent makes no poll.
  "POST /servers/:serverId/channels/:channelId/polls": ["sign in", 403, 400, 400],
  "GET /messages/:messageId/poll": ["sign in", 404, 200, 200],
  "POST /messages/:messageId/poll/votes": ["sign in", 404, "go on", "go on"],
  "POST /messages/:messageId/poll/end": ["sign in", 404, 403, "go on"],
  "GET /messages/:messageId/reactions": ["sign in", 404, 200, 200],
  "POST /messages/:messageId/reactions": ["sign in", 404, "go on", "go on"],
  "GET /servers/:serverId/channels/:channelId/pins": forMembers,
  "GET /servers/:serverId/channels/:channelId/threads": forMembers,
  "POST /messages/:messageId/thread": ["sign in", 404, "go on", "go on"],
  "POST /messages/:messageId/pin": ["sign in", 404, 403, "go on"],
  "POST /messages/:messageId/unpin": ["sign in", 404, 403, "go on"],
  "GET /saved": forSignedIn,
  "GET /search": forSignedIn,
  "POST /messages/:messageId/save": ["sign in", 404, "go on", "go on"],
  "POST /messages/:messageId/unsave": ["sign in", 404, "go on", "go on"],
  "GET /messages/:messageId/previews": ["sign in", 404, 403, 200],
  "POST /messages/:messageId/previews/:previewId/remove": ["sign in", 404, 403, "go on"],
  "GET /previews/:previewId/image": ["sign in", 404, 200, 200],
  "GET /messages/:messageId/edit": ["sign in", 404, 403, 200],
  "POST /messages/:messageId": ["sign in", 404, 403, "go on"],
  "GET /messages/:messageId/delete": ["sign in", 404, 403, 200],
  "POST /messages/:messageId/delete": ["sign in", 404, 403, "go on"],
  "POST /servers/:serverId/channels/:channelId/files": forMembers,
  "GET /files/:fileId": ["sign in", 404, 200, 200],
  "GET /files/:fileId/preview/:size": ["sign in", 404, 200, 200],
  "GET /files/:fileId/view": ["sign in", 404, 200, 200],
  "GET /files/:fileId/alt": ["sign in", 404, 403, 200],
  "POST /files/:fileId/alt": ["sign in", 404, 403, "go on"],
  // It is in a message already.
  "POST /files/:fileId/discard": ["sign in", 404, 404, 409],
  "POST /servers/:serverId/channels/:channelId/presence": ["sign in", 403, 204, 204],
  "POST /servers/:serverId/channels/:channelId/read": ["sign in", 403, "go on", "go on"],
  "GET /conversations": forSignedIn,
  "GET /conversations/new": forSignedIn,
  "POST /conversations": ["sign in", 403, 400, "go on"],
  // What is there is a server, and no group.
  "GET /conversations/:serverId": forNobody,
  "POST /conversations/:serverId": forNobody,
  "GET /conversations/:serverId/people": forNobody,
  "POST /conversations/:serverId/people": forNobody,
  "GET /conversations/:serverId/leave": forNobody,
  "POST /conversations/:serverId/leave": forNobody,
  // Who is asked about is the member.
  "GET /people/:userId": ["sign in", 404, 200, 200],
  "POST /people/:userId/block": ["sign in", 404, 400, "go on"],
  "POST /people/:userId/unblock": forNobody,
  "GET /account/blocked": forSignedIn,
  "GET /account/blocked.css": forSignedIn,
  "POST /servers/:serverId/read": ["sign in", 403, "go on", "go on"],
  "POST /messages/:messageId/unread": ["sign in", 404, "go on", "go on"],
  // Who calls over the wire is told by a token alone: a cookie is nobody there.
  "POST /api/covenant": [401, 401, 401, 401],
  "GET /api/covenant": [405, 405, 405, 405],
  "ALL /api/:procedure": [401, 401, 401, 401],
  "GET /api": forAll,
  "GET /api/openapi.json": forAll,
  // Open to all, and of no use without a token.
  "WS /socket": ["live", "live", "live", "live"],
  "WS /servers/:serverId/channels/:channelId/live": [4401, 4403, "live", "live"],
}

const meet = untouched(async () => {
  const server = await createTestServer()
  return { ...server, ids: await idsOf(server) }
})

test("every route is in the table above, and nothing else is", async () => {
  using server = await createTestServer()

  expect(routesOf(server).toSorted()).toEqual(Object.keys(expected).toSorted())
})

describe("strangers, outsiders, members and the owner get what is theirs", () => {
  test.each(Object.keys(expected))("%s", async (route) => {
    const outcomes: Outcome[] = []
    const changed: boolean[] = []

    for (const pick of people) {
      const { result, isChanged } = await meet((server) => outcomeOf(pick(server), route, server.ids, server))
      outcomes.push(result)
      changed.push(isChanged)
    }

    expect(outcomes).toEqual(expected[route] ?? [])
    const refused = outcomes.map((outcome) => typeof outcome === "number" && outcome >= 400)
    expect(changed.some((isChanged, at) => isChanged && refused[at])).toBe(false)
  })
})

const withIds = Object.keys(expected).filter((route) => route.includes(":") && !route.includes("/static/"))

describe("what is not there is not found, for people who are signed in", () => {
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
      botId: "no",
      tokenId: "no",
      webhookId: "no",
      hookId: "no",
      previewId: "no",
      avatarId: "no",
      token: "no",
    }

    const { result } = await meet((server) => outcomeOf(server.as("alice"), route, nowhere, server))

    const isForAnyName = route === "GET /viewers/:file"
    expect(result).toBe(isForAnyName ? 200 : route.startsWith("WS") ? 4404 : 404)
  })
})

test("whoever owns a server has no power over what is in another by naming both", async () => {
  using server = await createTestServer()
  const { mallory } = server.cast
  const ids = await idsOf(server)
  const lair = expectData(await mallory.client.mutate("createServer", { name: "Lab" }))
  const rooms = withIds.filter(
    (route) => /:(channelId|messageId|code|userId|sessionId|fileId)/.test(route) && route.startsWith("POST"),
  )
  expect(rooms.length).toBeGreaterThan(8)

  for (const route of rooms.filter((route) => route !== "POST /invites/:code")) {
    const before = server.dump()
    const outcome = await outcomeOf(server.as("mallory"), route, { ...ids, serverId: lair.id }, server)
    expect([route, [403, 404].includes(Number(outcome))]).toEqual([route, true])
    expect(server.dump()).toEqual(before)
  }
})

const people: ((server: TestServer) => Visitor)[] = [
  (server) => server.visitor(null),
  (server) => server.as("mallory"),
  (server) => server.as("bob"),
  (server) => server.as("alice"),
]

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
