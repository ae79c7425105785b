import { describe, expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { idsOf } from "../../support/routes.ts"
import { createTestServer, type TestServer, type Visitor } from "../../support/server.ts"
import { readRows } from "../../support/test-database.ts"
import { articlesOf } from "../transports/page.ts"
import { post } from "../transports/transport.ts"

const htmx = { headers: { "hx-request": "true" } }
const json = { headers: { accept: "application/json" } }

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

describe("a room", () => {
  test("shows each message once, with its author and position", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    await post(server.as("alice"), server.room, "hello")
    await post(server.as("bob"), server.room, "see https://example.org/a?b=1&c=2.")
    const html = await (await server.as("alice").get(server.roomPath)).text()

    const log = the(html, "#messages")
    expect(log.attributes).toMatchObject({ role: "log", "data-seq": "2" })
    const [first, second, ...others] = find(html, "#messages > article")
    expect(others).toEqual([])
    expect(first?.attributes).toMatchObject({
      "data-author": alice.id,
      "data-position": "1",
      "data-seq": "1",
    })
    expect(second?.attributes).toMatchObject({ "data-author": bob.id, "data-position": "2", "data-seq": "2" })
    const ids = await readRows(server.database, "select id from messages order by position")
    expect(ids.map(({ id }) => `message-${id}`)).toEqual([
      first?.attributes.id ?? "",
      second?.attributes.id ?? "",
    ])
    const link = the(html, ".content a")
    expect([link.text, link.attributes.href]).toEqual([
      "https://example.org/a?b=1&c=2",
      "https://example.org/a?b=1&c=2",
    ])
    expect(link.attributes.rel).toContain("noopener")
  })

  test("takes a message by plain form, and shows it", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")

    const sent = await bob.post(`${server.roomPath}/messages`, { content: "by form\r\nin two lines" })

    expect([sent.status, sent.headers.get("location")]).toEqual([303, server.roomPath])
    expect((await shownAt(bob, server.roomPath)).map(({ content }) => content)).toEqual([
      "by form\nin two lines",
    ])
    const framed = await bob.post(`${server.roomPath}/messages?from=composer`, { content: "from the frame" })
    expect(framed.headers.get("location")).toBe(`${server.roomPath}/composer`)
  })

  test("answers a script in JSON: stored, refused, and not twice", async () => {
    using server = await createTestServer()
    const [alice, bob] = [server.as("alice"), server.as("bob")]
    const id = crypto.randomUUID()
    const send = async (visitor: Visitor, fields: Record<string, string>) => {
      const answer = await visitor.post(`${server.roomPath}/messages`, fields, json)
      return [answer.status, await answer.json()]
    }

    expect(await send(alice, { content: "hi", id })).toEqual([200, { type: "stored", id }])
    expect(await send(alice, { content: "hi", id })).toEqual([200, { type: "stored", id }])
    expect(await send(bob, { content: "mine", id })).toMatchObject([409, { type: "refused", id, code: 409 }])
    expect(await send(bob, { content: "" })).toMatchObject([400, { type: "refused", code: 400 }])
    expect(await send(server.as("mallory"), { content: "hi" })).toMatchObject([
      403,
      { type: "refused", code: 403 },
    ])
    expect(await send(server.visitor(null), { content: "hi" })).toMatchObject([
      401,
      { type: "refused", code: 401 },
    ])

    expect((await server.dump()).messages).toHaveLength(1)
  })

  test("sends htmx a location and a plain form a redirect", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")

    const plain = await alice.post(server.roomPath, { name: "plain" })
    const scripted = await alice.post(server.roomPath, { name: "scripted" }, htmx)
    const stranger = await server.visitor(null).get(`/servers/${server.lab.id}/settings`, htmx)

    expect([plain.status, plain.headers.get("location")]).toEqual([303, server.roomPath])
    expect([scripted.status, scripted.headers.get("hx-redirect")]).toEqual([204, server.roomPath])
    expect(scripted.headers.get("location")).toBeNull()
    expect(stranger.headers.get("hx-redirect")).toStartWith("/login")
  })

  test("opens its forms in the dialog for htmx, and as pages for everyone else", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const { messageId } = await idsOf(server)

    for (const path of [
      "/servers/new",
      `/servers/${server.lab.id}/settings`,
      `/servers/${server.lab.id}/invites`,
      `${server.roomPath}/settings`,
      `/messages/${messageId}/edit`,
    ]) {
      const page = await (await alice.get(path)).text()
      const fragment = await (await alice.get(path, htmx)).text()

      expect([path, find(page, "html, title").length]).toEqual([path, 2])
      expect([path, find(fragment, "html, head, body, title, script")]).toEqual([path, []])
      expect([path, find(fragment, "form").length > 0]).toEqual([path, true])
      expect(page).toContain(the(fragment, "h1").text)
    }
  })
})

describe("history", () => {
  test("is complete and without overlap, backwards by its links and forwards again", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    await fill(server, 130)
    const all = Array.from({ length: 130 }, (_, at) => at + 1)

    const backwards = await follow(bob, server.roomPath, "#log #older")
    expect(backwards.pages.toReversed().flat()).toEqual(all)
    expect(backwards.pages.map((page) => page.length)).toEqual([50, 50, 30])
    const forwards = await follow(bob, `${server.roomPath}?after=0`, "#log #newer")
    expect(forwards.pages.flat()).toEqual(all)
    expect(forwards.pages.map((page) => page.length)).toEqual([50, 50, 30])

    const [first, last] = [
      await pageAt(bob, `${server.roomPath}?after=0`),
      await pageAt(bob, server.roomPath),
    ]
    expect(find(first, "#messages[data-live], #log #older")).toEqual([])
    expect(find(last, "#log #newer")).toEqual([])
    expect(find(last, "#messages[data-live]")).toHaveLength(1)
  })

  test("sends htmx the messages and the link to the next page", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    await fill(server, 130)

    const older = await pageAt(bob, `${server.roomPath}?before=81`, htmx)
    const oldest = await bob.get(`${server.roomPath}?before=31`, htmx)
    const newest = await bob.get(`${server.roomPath}?after=100`, htmx)

    expect(find(older, "html, main, form")).toEqual([])
    expect(the(older, "hx-partial").attributes).toMatchObject({
      "hx-target": "#messages",
      "hx-swap": "afterbegin",
    })
    expect(articlesOf(older).map(({ position }) => position)).toEqual(range(31, 80))
    // What bob had read when he came, which was nothing, goes along from page to page.
    expect(the(older, "#older").attributes.href).toBe(`${server.roomPath}?before=31&read=0`)
    expect(oldest.headers.get("hx-reswap")).toBe("delete")
    expect(articlesOf(await oldest.text()).map(({ position }) => position)).toEqual(range(1, 30))
    const triggered = JSON.parse(newest.headers.get("hx-trigger") ?? "{}")
    expect(triggered).toEqual({ "log:newest": { seq: 130 } })
    expect(articlesOf(await newest.text()).map(({ position }) => position)).toEqual(range(101, 130))
  })

  test("opens around a message, from where both ways lead on without overlap", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    await fill(server, 130)
    const [, sixtieth] = (await shownAt(bob, `${server.roomPath}?after=58`)) ?? []
    expect(sixtieth?.position).toBe(60)

    const permalink = await bob.get(`/messages/${sixtieth?.id}`)
    const target = new URL(permalink.headers.get("location") ?? "", server.origin)
    const html = await pageAt(bob, target.pathname + target.search)

    expect(permalink.status).toBe(303)
    expect(target.pathname).toBe(server.roomPath)
    expect(target.hash).toBe(`#message-${sixtieth?.id}`)
    const positions = articlesOf(html).map(({ position }) => position)
    expect(positions).toEqual(range(35, 84))
    expect(the(html, "#log #older").attributes.href).toBe(`${server.roomPath}?before=35&read=0`)
    expect(the(html, "#log #newer").attributes.href).toBe(`${server.roomPath}?after=84&read=0`)
    expect(find(html, "#messages[data-live]")).toEqual([])
  })

  test("leads nowhere at its ends", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    await fill(server, 50)

    const [whole, before, after] = [
      await pageAt(bob, server.roomPath),
      await pageAt(bob, `${server.roomPath}?before=1`),
      await pageAt(bob, `${server.roomPath}?after=50`),
    ]

    expect(articlesOf(whole)).toHaveLength(50)
    expect(find(whole, "#log #older, #log #newer")).toEqual([])
    expect(articlesOf(before)).toEqual([])
    expect(articlesOf(after)).toEqual([])
  })

  test("of another channel is not to be had through this one", async () => {
    using server = await createTestServer()
    const { mallory } = server.cast
    const { messageId } = await idsOf(server)
    const lair = expectData(await mallory.client.mutate("createServer", { name: "Lair" }))
    const den = expectData(await mallory.client.mutate("createChannel", { serverId: lair.id, name: "den" }))

    const around = await server
      .as("mallory")
      .get(`/servers/${lair.id}/channels/${den.id}?around=${messageId}`)
    const misled = await server.as("mallory").get(`/servers/${lair.id}/channels/${server.general.id}`)

    expect([around.status, misled.status]).toEqual([404, 404])
    expect(await around.text()).not.toContain("by alice")
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
    await fill(server, 60)

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

/** A number of numbered messages, by alice and bob in turns. */
async function fill(server: TestServer, count: number): Promise<void> {
  for (const number of range(1, count)) {
    expect(await post(server.as(number % 2 ? "alice" : "bob"), server.room, `Message ${number}`)).toBe(200)
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

async function pageAt(visitor: Visitor, path: string, init?: RequestInit): Promise<string> {
  const answer = await visitor.get(path, init)
  expect([path, answer.status]).toEqual([path, 200])
  return answer.text()
}

async function shownAt(visitor: Visitor, path: string) {
  return articlesOf(await pageAt(visitor, path))
}

/** The positions on each page, from one to the next by its link until there is none. */
async function follow(visitor: Visitor, path: string, link: string) {
  const pages: number[][] = []
  for (let next: string | undefined = path; next && pages.length < 10; ) {
    const html: string = await pageAt(visitor, next)
    pages.push(articlesOf(html).map(({ position }) => position))
    next = find(html, link)[0]?.attributes.href
  }
  return { pages }
}
