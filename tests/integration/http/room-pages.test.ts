import { describe, expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { fillInTurns, htmx, pageAt, range, shownAt } from "../../support/followed-pages.ts"
import { find, the } from "../../support/html.ts"
import { idsOf } from "../../support/routes.ts"
import { createTestServer, type Visitor } from "../../support/server.ts"
import { readRows } from "../../support/test-database.ts"
import { articlesOf } from "../transports/page.ts"
import { post } from "../transports/transport.ts"

const json = { headers: { accept: "application/json" } }

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

  test("stores what a form sends once, also when it is submitted twice", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const path = `${server.roomPath}/messages?from=composer`
    const formOf = (page: string) => the(page, "#composer input[name=formId]").attributes.value ?? ""
    const openForm = async () => formOf(await (await alice.get(`${server.roomPath}/composer`)).text())
    const stored = async () => (await shownAt(alice, server.roomPath)).map(({ content }) => content)

    const form = await openForm()
    const answers = await Promise.all(
      ["tea?", "tea?"].map((content) => alice.post(path, { content, formId: form })),
    )
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(await stored()).toEqual(["tea?"])

    // Changed before it was answered, and the same words in another form.
    await alice.post(path, { content: "coffee?", formId: form })
    await alice.post(path, { content: "tea?", formId: await openForm() })
    const refused = await (await alice.post(path, { content: "", formId: form })).text()
    expect(await stored()).toEqual(["tea?", "coffee?", "tea?"])
    expect(formOf(refused)).not.toBe(form)
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

  test("takes nothing from a page of the account that was logged in before", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    const send = (id: string) => {
      const headers = { ...json.headers, "page-viewer": id }
      return server.as("bob").post(`${server.roomPath}/messages`, { content: "mine" }, { headers })
    }
    const connect = (id: string) => {
      const headers = { accept: "text/event-stream", "page-viewer": id }
      return server.as("bob").get(`${server.roomPath}/events`, { headers })
    }

    const sent = [await send(alice.id), await send(bob.id)]
    const connected = [await connect(alice.id), await connect(bob.id)]

    expect(sent.map(({ status }) => status)).toEqual([401, 200])
    expect(await sent[0]?.json()).toMatchObject({ type: "refused", code: 401 })
    expect(connected.map(({ status }) => status)).toEqual([401, 200])
    expect((await server.dump()).messages).toHaveLength(1)
    await connected[1]?.body?.cancel()
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
    await fillInTurns(server, 130)
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
    await fillInTurns(server, 130)

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
    await fillInTurns(server, 130)
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
    await fillInTurns(server, 50)

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
