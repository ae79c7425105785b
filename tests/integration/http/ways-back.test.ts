import { expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"

const local = ["/", "/servers/x?before=1", "/invites/abc#top", "/a//b"]

const elsewhere = [
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "javascript:alert(1)",
  " //evil.example",
  "evil.example",
  "",
]

test("after signing in one goes only to places of ours", async () => {
  using server = await createTestServer()
  const stranger = server.visitor(null)
  const fields = { username: "alice", password: "password" }

  const home = await stranger.post("/login", { ...fields, next: "//evil.example" })
  const inside = await stranger.post("/login", { ...fields, next: "/invites/abc" })

  expect([home.status, home.headers.get("location")]).toEqual([303, "/"])
  expect([inside.status, inside.headers.get("location")]).toEqual([303, "/invites/abc"])
  for (const [nexts, goesThere] of [
    [local, true],
    [elsewhere, false],
  ] as const) {
    for (const next of nexts) {
      const signedIn = await server.as("alice").get(`/login?next=${encodeURIComponent(next)}`)
      expect([next, signedIn.headers.get("location")]).toEqual([next, goesThere ? next : "/"])
      const page = await (await stranger.get(`/signup?next=${encodeURIComponent(next)}`)).text()
      expect([next, the(page, "[name=next]").attributes.value]).toEqual([next, goesThere ? next : "/"])
    }
  }
})

test("who must sign in first comes back to where they were going", async () => {
  using server = await createTestServer()
  const stranger = server.visitor(null)
  const wanted = `${server.roomPath}?before=7`

  const sent = await stranger.get(wanted)
  const entrance = await (await stranger.get(sent.headers.get("location") ?? "")).text()
  const next = the(entrance, "[name=next]").attributes.value ?? ""
  const answer = await stranger.post("/login", { username: "bob", password: "password", next })

  expect(answer.headers.get("location")).toBe(wanted)
})

test("an invite leads a stranger through signing up into the server", async () => {
  using server = await createTestServer()
  const { code } = expectData(
    await server.cast.alice.client.mutate("createInvite", { serverId: server.lab.id }),
  )
  const stranger = server.visitor(null)
  const invite = await (await stranger.get(`/invites/${code}`)).text()
  const [signUp] = find(invite, "a[href^='/signup']")

  const page = await (await stranger.get(signUp?.attributes.href ?? "")).text()
  const fields = {
    username: "carol",
    password: "long enough",
    next: the(page, "[name=next]").attributes.value ?? "",
  }
  const signedUp = await stranger.post("/signup", fields)
  const cookie = signedUp.headers.getSetCookie()[0]?.split(";")[0] ?? ""
  expect(signedUp.headers.get("location")).toBe(
    `/recovery-code?next=${encodeURIComponent(`/invites/${code}`)}`,
  )
  const joined = await stranger.post(`/invites/${code}`, {}, { headers: { cookie } })

  expect(joined.headers.get("location")).toBe(`/servers/${server.lab.id}`)
  const members = expectData(await server.cast.bob.client.query("getMembers", { serverId: server.lab.id }))
  expect(members.map(({ username }) => username)).toEqual(["alice", "bob", "carol"])
})

test("a form's page leads back to what it is about; in a dialog it does not", async () => {
  using server = await createTestServer()
  const id = await say(server, server.cast.alice, "hello")
  const alice = server.as("alice")
  const backFrom = async (path: string, init?: RequestInit) =>
    find(await (await alice.get(path, init)).text(), ".way-back").map(
      ({ text, attributes }) => `${text.trim()}: ${attributes.href}`,
    )
  const toServer = `/servers/${server.lab.id}`

  expect(await backFrom(`/messages/${id}/actions`)).toEqual([`Back to message: /messages/${id}`])
  expect(await backFrom(`/messages/${id}/delete`)).toEqual([`Back to message: /messages/${id}`])
  expect(await backFrom(`${server.roomPath}/pins`)).toEqual([`Back to channel: ${server.roomPath}`])
  expect(await backFrom(`${toServer}/channels/new`)).toEqual([`Back to server: ${toServer}`])
  expect(await backFrom(`${toServer}/settings`)).toEqual([`Back to server: ${toServer}`])
  expect(await backFrom("/account/mails")).toEqual(["Back to account: /account"])
  for (const path of ["/servers/new", "/saved", "/keyboard"]) expect(await backFrom(path)).toEqual([])
  expect(await backFrom(`/messages/${id}/actions`, { headers: { "hx-request": "true" } })).toEqual([])
})
