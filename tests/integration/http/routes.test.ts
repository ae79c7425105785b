import { describe, expect, test } from "bun:test"
import { fillInTurns, htmx, pageAt, shownAt } from "../../support/followed-pages.ts"
import { find, the } from "../../support/html.ts"
import { idsOf } from "../../support/routes.ts"
import { createTestServer } from "../../support/server.ts"
import { post } from "../transports/transport.ts"

describe("accounts", () => {
  test("someone signs in, sees their servers, and signs out", async () => {
    using server = await createTestServer()
    const stranger = server.visitor(null)
    const entrance = await (await stranger.get("/login")).text()
    expect(find(entrance, "form[method=post][action='/login'] input[name=username]")).toHaveLength(1)
    expect(find(entrance, "form[action='/login'] input[name=password][type=password]")).toHaveLength(1)

    const bob = server.visitor(server.cast.bob)
    const home = await (await bob.get("/")).text()

    expect(the(home, "h1").text).toBe("My servers")
    expect(find(home, `main a[href='/servers/${server.lab.id}'] bdi`).map(({ text }) => text)).toEqual([
      "Lab",
    ])
    expect((await bob.post("/logout", {})).headers.get("location")).toBe("/login")
    const after = await bob.get("/")
    expect([after.status, after.headers.get("location")]).toEqual([303, "/login"])
  })

  test("someone signs up and is signed in, and cannot be signed up twice", async () => {
    using server = await createTestServer()
    const stranger = server.visitor(null)
    const fields = { username: "carol", password: "long enough" }

    const signedUp = await stranger.post("/signup", fields)
    const again = await stranger.post("/signup", fields)

    expect([signedUp.status, signedUp.headers.get("location")]).toEqual([303, "/recovery-code?next=%2F"])
    expect(again.status).toBe(409)
    const cookie = signedUp.headers.getSetCookie()[0] ?? ""
    const home = await (await stranger.get("/", { headers: { cookie } })).text()
    expect(the(home, "h1").text).toBe("My servers")
    expect(the(home, ".me").text).toContain("carol")
    expect(find(home, "main a[href^='/servers/']")).toEqual([])
  })
})

describe("servers and channels", () => {
  test("making a server leads into its first channel, where one can write", async () => {
    using server = await createTestServer()
    const mallory = server.as("mallory")

    const made = await mallory.post("/servers", { name: "  My   Lair " })

    expect(made.status).toBe(303)
    const room = made.headers.get("location") ?? ""
    expect(room).toMatch(/^\/servers\/[\w-]+\/channels\/[\w-]+$/)
    const html = await (await mallory.get(room)).text()
    expect(the(html, "main h1").text).toContain("general")
    expect(the(html, "#composer [name=content]").name).toBe("textarea")
    expect(the(html, "#messages").attributes).toMatchObject({ role: "log", "data-seq": "0" })
    const home = await (await mallory.get("/")).text()
    expect(find(home, "main a[href^='/servers/'] bdi").map(({ text }) => text)).toEqual(["My Lair"])
    expect(await (await server.as("alice").get("/")).text()).not.toContain("My Lair")
  })

  test("a server leads to its first channel, and shows itself when it has none", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const { lab } = server

    const made = await alice.post(`/servers/${lab.id}/channels`, { name: "later" })
    const door = await alice.get(`/servers/${lab.id}`)
    expect(made.headers.get("location")).toMatch(new RegExp(`^/servers/${lab.id}/channels/`))
    expect([door.status, door.headers.get("location")]).toEqual([303, server.roomPath])

    await alice.post(`${server.roomPath}/delete`, {})
    await alice.post(`${made.headers.get("location")}/delete`, {})
    const empty = await alice.get(`/servers/${lab.id}`)
    const html = await empty.text()

    expect(empty.status).toBe(200)
    expect(the(html, "main h1").text).toBe("Lab")
    expect(find(html, `main form[action='/servers/${lab.id}/channels'] [name=name]`)).toHaveLength(1)
    const forBob = await (await server.as("bob").get(`/servers/${lab.id}`)).text()
    expect(find(forBob, "main form")).toEqual([])
  })

  test("renaming shows everywhere at once", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")

    await alice.post(`/servers/${server.lab.id}`, { name: "Observatory" })
    await alice.post(server.roomPath, { name: "stars" })

    const html = await (await server.as("bob").get(server.roomPath)).text()
    expect(the(html, "main h1").text).toContain("stars")
    expect(the(html, "#channels h2").text).toContain("Observatory")
    expect(html).not.toMatch(/\bLab\b/)
  })

  test("an invite is made, previewed and followed, and one that was taken back is not", async () => {
    using server = await createTestServer()
    const [alice, mallory] = [server.as("alice"), server.as("mallory")]
    const panel = await (
      await alice.post(`/servers/${server.lab.id}/invites`, { maxUses: "5", expiresInSeconds: "3600" })
    ).text()
    const link = the(panel, "input[aria-label='Invite link']").attributes.value ?? ""
    expect(link.startsWith(`${server.origin}/invites/`)).toBe(true)
    const path = new URL(link).pathname

    const preview = await (await server.visitor(null).get(path)).text()
    const followed = await mallory.post(path, {})
    const inside = await mallory.get(server.roomPath)
    await alice.post(`${path}/revoke`, {})
    const gone = await mallory.get(path)

    expect(the(preview, "h1").text).toBe("Lab")
    expect(preview).toContain("2 members")
    expect([followed.status, followed.headers.get("location")]).toEqual([303, `/servers/${server.lab.id}`])
    expect(inside.status).toBe(200)
    expect(gone.status).toBe(404)
  })
})

describe("one message", () => {
  test("is edited and deleted by its author, and deleted by the owner too", async () => {
    using server = await createTestServer()
    const [alice, bob] = [server.as("alice"), server.as("bob")]
    const [own, other] = [crypto.randomUUID(), crypto.randomUUID()]
    await post(bob, server.room, "teh first", own)
    await post(bob, server.room, "rude", other)
    expect(the(await pageAt(bob, `/messages/${own}/edit`), "[name=content]").text.trim()).toBe("teh first")

    const edited = await bob.post(`/messages/${own}`, { content: "the first" })
    const scripted = await alice.post(`/messages/${other}/delete`, {}, htmx)
    const byOwner = await alice.post(`/messages/${own}`, { content: "put into bob's mouth" })

    expect([edited.status, edited.headers.get("location")]).toEqual([303, `/messages/${own}`])
    expect([scripted.status, scripted.headers.get("hx-trigger")]).toEqual([204, "dialog:close"])
    expect(byOwner.status).toBe(403)
    expect(await shownAt(alice, server.roomPath)).toMatchObject([
      { content: "the first", edited: true, deleted: false, position: 1, seq: 3 },
      { content: "", deleted: true, position: 2, seq: 4 },
    ])
  })

  test("that was deleted cannot be edited any more", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const { messageId } = await idsOf(server)
    await alice.post(`/messages/${messageId}/delete`, {})

    const edited = await alice.post(`/messages/${messageId}`, { content: "risen" })

    expect(edited.status).toBe(410)
    expect(await shownAt(alice, server.roomPath)).toMatchObject([{ content: "", deleted: true }])
  })
})

describe("live, before anything happens", () => {
  test("events begin at once, as an event stream that nobody keeps or gathers", async () => {
    using server = await createTestServer()
    const aborter = new AbortController()
    const answer = await server.as("bob").get(`${server.roomPath}/events`, { signal: aborter.signal })
    const chunk = await answer.body?.getReader().read()
    aborter.abort()

    expect(answer.headers.get("content-type")).toStartWith("text/event-stream")
    expect(answer.headers.get("cache-control")).toContain("no-store")
    expect(answer.headers.get("x-accel-buffering")).toBe("no")
    expect(new TextDecoder().decode(chunk?.value)).toStartWith(": ")
  })

  test("events tell who may not read them so, and lead to no page", async () => {
    using server = await createTestServer()

    const answer = await server.visitor(null).get(`${server.roomPath}/events`)

    expect([answer.status, answer.headers.get("location")]).toEqual([401, null])
    expect(answer.headers.get("content-type")).toStartWith("text/plain")
  })

  test.each(["events", "stream"])("%s with a cursor that is none are refused as 400", async (name) => {
    using server = await createTestServer()

    const answer = await server.as("bob").get(`${server.roomPath}/${name}?after=soon`)

    expect(answer.status).toBe(400)
    expect(server.chat.sidekick.stats().connections).toBe(0)
  })

  test("without JavaScript a room leads to its frames, and history stays where it is", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    await fillInTurns(server, 60)

    const [room, framed, history] = [
      await pageAt(bob, server.roomPath),
      await pageAt(bob, `${server.roomPath}?transport=stream`),
      await pageAt(bob, `${server.roomPath}?before=20`),
    ]

    // A parser that knows scripts reads no further.
    const redirects = (page: string) =>
      find(page, "head noscript").flatMap(({ text }) => find(text, "meta[http-equiv]"))
    expect(redirects(room).map(({ attributes }) => attributes.content)).toEqual(["0; url=?transport=stream"])
    expect(redirects(history)).toEqual([])
    const sources = find(framed, "iframe").map(({ attributes }) => attributes.src)
    expect(sources).toEqual([`${server.roomPath}/stream`, `${server.roomPath}/composer`])
    expect(find(framed, "script")).toEqual([])
  })
})

test("the process says that it is well, and what it holds", async () => {
  using server = await createTestServer()

  const [health, metrics] = [await fetch(`${server.origin}/health`), await fetch(`${server.origin}/metrics`)]

  expect(health.status).toBe(200)
  expect(metrics.headers.get("content-type")).toStartWith("text/plain")
  expect(await metrics.text()).toMatch(/^covenant_connections\S* 0$/m)
})
