import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { previewFetcher } from "../../src/features/previews/previews.ts"
import { expectData, type TestChat } from "../support/chat.ts"
import { find, the } from "../support/html.ts"
import { listen, until } from "../support/listen.ts"
import { outsideFetch, serveOutside } from "../support/outside.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { readRows } from "../support/test-database.ts"

setDefaultTimeout(60_000)

const patient = 30_000
const png = await picture(600, 300)

const asked: string[] = []
const pages: Record<string, () => Response | Promise<Response>> = {
  "/article": () =>
    page('<meta property="og:title" content="An article"><meta property="og:image" content="/wide.png">'),
  "/plain": () => page("<title>Plain</title>"),
  "/other": () => page("<title>Other</title>"),
  "/wide.png": () => new Response(png, { headers: { "content-type": "image/png" } }),
  "/lie.png": () => new Response("<svg onload=alert(1)>", { headers: { "content-type": "image/png" } }),
  "/lying": () => page('<title>Lying</title><meta property="og:image" content="/lie.png">'),
  "/inside": () =>
    page('<title>Inside</title><meta property="og:image" content="http://127.0.0.1/secret.png">'),
  "/hostile": () =>
    page(
      `<title>&lt;script&gt;alert(1)&lt;/script&gt;&quot; hx-get=&quot;/x</title><meta name="description" content='"><img src=x onerror=alert(1)>'>`,
    ),
  "/moved": () => Response.redirect("http://inside.test/", 302),
  "/missing": () =>
    new Response("<title>Not found</title>", { status: 404, headers: { "content-type": "text/html" } }),
  "/video": () => new Response("<title>x</title>", { headers: { "content-type": "video/mp4" } }),
}
const site = serveOutside(({ url }) => {
  const { pathname } = new URL(url)
  asked.push(pathname)
  return pages[pathname]?.() ?? new Response("nothing", { status: 404 })
})
afterAll(() => site[Symbol.dispose]())

/** A chat that shows previews, with an empty memory of what it has read. */
const open = () =>
  createTestServer({ LINK_PREVIEWS: "on" }, { fetcher: outsideFetch({ "inside.test": ["127.0.0.1"] }) })

describe("a message with a link", () => {
  test("appears at once and gets the page's preview later, as a change for all readers", async () => {
    using server = await open()
    const hold = Promise.withResolvers<void>()
    pages["/held"] = async () => {
      await hold.promise
      return pages["/article"]?.() ?? new Response()
    }
    const bobs = await listen(server.cast.bob, server.room)
    const alices = await listen(server.cast.alice, server.room)

    await bobs.send(`look: ${site.at("/held")}`)
    expect(alices.heard).toMatchObject([{ seq: 1, extras: null }])
    hold.resolve()
    await until("the preview comes", () => alices.heard.length === 2, patient)

    const [, message] = alices.heard
    const image = { width: 600, height: 300 }
    const url = site.at("/held")
    expect(message).toMatchObject({ seq: 2, position: 1, content: `look: ${url}`, editedAt: null })
    expect(message?.extras?.previews).toEqual([{ id: expect.any(String), url, title: "An article", image }])
    const html = await (await server.as("alice").get(server.roomPath)).text()
    const { href, rel } = the(html, ".linked-page").attributes
    expect([href, rel]).toEqual([url, "noopener noreferrer nofollow ugc"])
    expect(the(html, ".linked-page .site").text).toBe(`site.test:${site.port}`)
    expect(the(html, ".linked-page img").attributes).toMatchObject({ width: "400", height: "200", alt: "" })
  })

  test("serves the picture from this server, only to readers of the message", async () => {
    using server = await open()
    const { id } = await previewed(server, site.at("/article"))
    const address = `/previews/${id}/image`

    const answer = await server.as("alice").get(address)

    expect(answer.status).toBe(200)
    expect(answer.headers.get("content-type")).toBe("image/webp")
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff")
    expect(answer.headers.get("content-security-policy")).toContain("sandbox")
    const bytes = await answer.bytes()
    expect(Buffer.from(bytes).equals(Buffer.from(png))).toBe(false) // made anew
    expect(await new Bun.Image(bytes).metadata()).toMatchObject({ format: "webp", width: 600, height: 300 })
    expect((await server.as("mallory").get(address)).status).toBe(404)
    const place = { serverId: server.lab.id, userId: server.cast.bob.id }
    expectData(await server.cast.alice.client.mutate("removeMember", place))
    expect((await server.as("bob").get(address)).status).toBe(404)
  })

  test("shows up to three previews in order, and fetches a repeated link once", async () => {
    using server = await open()
    asked.length = 0
    const links = ["/other", "/article", "/plain", "/lying"].map((path) => site.at(path))

    await previewed(server, links.join(" "))
    await previewed(server, site.at("/plain"), 2)

    const [first, second] = await messagesOf(server)
    expect(first?.extras?.previews?.map(({ title }) => title)).toEqual(["Other", "An article", "Plain"])
    expect(second?.extras?.previews?.map(({ title }) => title)).toEqual(["Plain"])
    expect(asked.toSorted()).toEqual(["/article", "/other", "/plain", "/wide.png"])
  })

  test("to a picture shows the picture", async () => {
    using server = await open()
    const preview = await previewed(server, site.at("/wide.png"))
    expect(preview).toMatchObject({ title: "wide.png", image: { width: 600, height: 300 } })
  })

  test("shows hostile metadata as plain text", async () => {
    using server = await open()
    await previewed(server, site.at("/hostile"))

    const html = await (await server.as("alice").get(server.roomPath)).text()

    expect(the(html, ".linked-page .title").text).toBe('<script>alert(1)</script>" hx-get="/x')
    expect(the(html, ".linked-page .description").text).toBe('"><img src=x onerror=alert(1)>')
    expect(find(html, ".linked-page script")).toEqual([])
    expect(find(html, ".linked-page img")).toEqual([])
    expect(find(html, ".linked-page[hx-get]")).toEqual([])
  })

  test("shows no invalid picture and none from a private address", async () => {
    using server = await open()
    await previewed(server, `${site.at("/lying")} ${site.at("/inside")}`)

    const [message] = await messagesOf(server)

    expect(message?.extras?.previews).toEqual([
      { id: expect.any(String), url: site.at("/lying"), title: "Lying" },
      { id: expect.any(String), url: site.at("/inside"), title: "Inside" },
    ])
  })

  test("stays unchanged when there is no preview: missing, redirected, private, not a page", async () => {
    using server = await open()
    const nothing = ["/missing", "/video", "/moved"].map((path) => site.at(path))
    const { send, heard } = await listen(server.cast.bob, server.room)
    await send(nothing.join(" "))
    await send("http://127.0.0.1/ http://inside.test/ http://169.254.169.254/")

    await previewed(server, site.at("/plain"), 3) // by then the others were looked at, too
    await until("nothing is under way", () => asked.includes("/moved"), patient)

    expect(heard.map(({ extras }) => extras?.previews?.length)).toEqual([undefined, undefined, undefined, 1])
  })

  test("is not fetched when previews are off", async () => {
    using server = await createTestServer({}, { fetcher: outsideFetch() })
    asked.length = 0
    const { send, heard } = await listen(server.cast.bob, server.room)

    await send(site.at("/plain"))
    await send("something else")

    expect(heard.map(({ extras }) => extras)).toEqual([null, null])
    expect(asked).toEqual([])
  })
})

describe("an edit", () => {
  test("removes previews of removed links, and fetches only added links", async () => {
    using server = await open()
    const { client } = server.cast.bob
    await previewed(server, `${site.at("/article")} ${site.at("/plain")}`)
    const [message] = await messagesOf(server)
    const [article, plain] = message?.extras?.previews ?? []
    asked.length = 0

    const content = `${site.at("/other")} ${site.at("/plain")}`
    const edited = expectData(await client.mutate("editMessage", { messageId: message?.id ?? "", content }))
    expect(edited.extras?.previews).toEqual([plain as never])
    const titles = async () => (await messagesOf(server))[0]?.extras?.previews?.map(({ title }) => title)
    await until("the new one is there", async () => (await titles())?.length === 2, patient)

    expect(await titles()).toEqual(["Other", "Plain"])
    expect(asked).toEqual(["/other"])
    const gone = async () => (await server.chat.storage.get(`previews/${article?.id}`)) === undefined
    await until("the picture is gone", gone, patient)
  })

  test("and a deletion leave no preview behind", async () => {
    using server = await open()
    const { id } = await previewed(server, site.at("/article"))
    const [message] = await messagesOf(server)

    const deleted = await server.cast.bob.client.mutate("deleteMessage", { messageId: message?.id ?? "" })

    expect(deleted.data?.extras).toBeNull()
    expect((await server.as("alice").get(`/previews/${id}/image`)).status).toBe(404)
    expect(await readRows(server.database, "select * from link_previews")).toEqual([])
    const gone = async () => (await server.chat.storage.get(`previews/${id}`)) === undefined
    await until("the picture is gone", gone, patient)
  })
})

describe("the author", () => {
  test("removes a preview for good by a plain form; only the owner may too", async () => {
    using server = await open()
    const { id } = await previewed(server, `${site.at("/article")} ${site.at("/plain")}`)
    const [message] = await messagesOf(server)
    const panel = `/messages/${message?.id}/previews`
    const bob = server.as("bob")
    expect((await server.as("mallory").get(panel)).status).toBe(404)
    const actions = await (await bob.get(`/messages/${message?.id}/actions`)).text()
    expect(find(actions, `a[href="${panel}"]`)).toHaveLength(1)

    const [form] = find(await (await bob.get(panel)).text(), 'form[action$="/remove"]')
    const answer = await bob.post(form?.attributes.action ?? "", {})

    expect(answer.headers.get("location")).toBe(`/messages/${message?.id}`)
    const titles = async () => (await messagesOf(server))[0]?.extras?.previews?.map(({ title }) => title)
    expect(await titles()).toEqual(["Plain"])
    expect((await bob.get(`/previews/${id}/image`)).status).toBe(404)
    const again = await bob.post(form?.attributes.action ?? "", {})
    expect(again.status).toBe(404)

    const content = `now ${site.at("/article")} ${site.at("/other")}`
    expectData(await server.cast.bob.client.mutate("editMessage", { messageId: message?.id ?? "", content }))
    await until(
      "the new link was looked at",
      async () => (await titles())?.includes("Other") ?? false,
      patient,
    )
    expect(await titles()).toEqual(["Other"])

    const [other] = (await messagesOf(server))[0]?.extras?.previews ?? []
    const inputs = { messageId: message?.id ?? "", previewId: other?.id ?? "" }
    const byOwner = await server.cast.alice.client.mutate("removePreview", inputs)
    expect(byOwner.data?.extras).toBeNull()
  })
})

test("the sweeper deletes old orphaned pictures, and no recent or used ones", async () => {
  using server = await open()
  const { storage, workers } = server.chat
  const previews = workers.get(previewFetcher)
  const { id } = await previewed(server, site.at("/article"))
  const orphan = `previews/${crypto.randomUUID()}`
  await storage.put(orphan, new Uint8Array([1]))

  await previews.sweep(new Date())
  expect(await storage.get(orphan)).toBeDefined()
  await previews.sweep(new Date(Date.now() + 2 * 3_600_000))

  expect(await storage.get(orphan)).toBeUndefined()
  expect(await storage.get(`previews/${id}`)).toBeDefined()
})

/** Bob sends it, and it shows what it links to: the first of that. `count` messages are there then. */
async function previewed(server: TestServer, content: string, count = 1) {
  const { send, stop } = await listen(server.cast.bob, server.room)
  await send(content)
  stop()
  const preview = async () => (await messagesOf(server))[count - 1]?.extras?.previews?.[0]
  await until("the preview is there", async () => (await preview()) !== undefined, patient)
  const found = await preview()
  if (!found) throw new Error("It is gone again")
  return found
}

async function messagesOf({ cast, general }: TestChat) {
  return expectData(await cast.alice.client.query("getMessages", { channelId: general.id }))
}

function page(head: string): Response {
  return new Response(`<!doctype html><head>${head}</head>`, { headers: { "content-type": "text/html" } })
}

async function picture(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const dot = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  )
  return new Uint8Array(await new Bun.Image(dot).resize(width, height, { fit: "fill" }).png().bytes())
}
