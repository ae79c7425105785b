import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import fc from "fast-check"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { upload } from "../../support/pictures.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type Visitor } from "../../support/server.ts"

const search = (visitor: Visitor, q: string, more: Record<string, string> = {}) =>
  visitor.get(`/search?${new URLSearchParams({ q, ...more })}`)

test("a form and links find messages, with the places they are in, and lead into context", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  const found = await say(server, bob, 'The <b>Café</b> & "bar" opens')
  await say(server, alice, "nothing of it")

  const answer = await search(server.as("alice"), "cafe")
  const page = await answer.text()

  expect(answer.status).toBe(200)
  expect(the(page, "title").text).toEndWith("cafe · Search · Covenant Chat")
  expect(the(page, "#search-query").attributes).toMatchObject({ name: "q", value: "cafe" })
  expect(the(page, ".search-run h2").text.replace(/\s+/g, " ").trim()).toMatch(/^#general ?Lab$/)
  expect(find(page, ".found")).toHaveLength(1)
  expect(the(page, ".found mark").text).toBe("Café")
  expect(the(page, ".found-text").text).toContain('The <b>Café</b> & "bar" opens')
  expect(the(page, ".found a").attributes.href).toBe(`/messages/${found}`)
  const led = await server.as("alice").get(`/messages/${found}`)
  expect(led.headers.get("location")).toBe(`${server.roomPath}?around=${found}#message-${found}`)
})

test("htmx gets the results alone, at the same address", async () => {
  using server = await createTestServer()
  await say(server, server.cast.bob, "hello there")

  const answer = await server.as("alice").get("/search?q=hello", { headers: { "hx-request": "true" } })
  const fragment = await answer.text()

  expect(fragment).toStartWith('<section id="search-found"')
  expect(the(fragment, '[role="status"]').text.trim()).toBe("1 message, newest first")
  expect(answer.headers.get("vary")).toContain("hx-request")
})

test("errors are shown at the field, with the typed text", async () => {
  using server = await createTestServer()
  for (const [query, reason] of [
    ['say "hello', "quotation mark"],
    ["has:video", "has:link, has:image, has:file or has:poll"],
    ["from:mallory", "No user named “mallory”"],
    ["in:#nowhere <x>", "No channel, server or conversation named “#nowhere”"],
    ["on:tomorrow", "is not a date"],
    ["long ".repeat(200), "at most 512 characters"],
  ] as const) {
    const answer = await search(server.as("alice"), query)
    const page = await answer.text()

    expect([query, answer.status]).toEqual([query, 400])
    expect(the(page, "#search-error").text).toContain(reason)
    const { value, "aria-describedby": described } = the(page, "#search-query").attributes
    expect([value, described]).toEqual([query, "search-error"])
  }
  expect((await server.as("alice").get("/search?q=hello&before=x")).status).toBe(400)
})

test("results are paged by links, and the way from a room looks in it first", async () => {
  using server = await createTestServer()
  for (let i = 1; i <= 30; i++) await say(server, server.cast.bob, `word ${i}`)
  const alice = server.as("alice")

  const first = await (await search(alice, "word")).text()
  const second = await (await alice.get(the(first, "a[rel=next]").attributes.href ?? "")).text()

  const texts = [first, second].flatMap((page) => find(page, ".found-text").map(({ text }) => text.trim()))
  expect(texts).toEqual(Array.from({ length: 30 }, (_, i) => `word ${30 - i}`))
  expect(find(second, "a[rel=next]")).toEqual([])

  const room = await (await alice.get(server.roomPath)).text()
  const link = find(room, "#main a").find(({ attributes }) => attributes["aria-label"] === "Search")
  const scoped = await (await alice.get(link?.attributes.href ?? "")).text()
  expect(the(scoped, "#search-query").attributes.value).toBe("in:#general ")
  const foreign = await (await server.as("mallory").get(link?.attributes.href ?? "")).text()
  expect(the(foreign, "#search-query").attributes.value ?? "").toBe("")
  expect(find(await (await alice.get("/")).text(), "form[action='/search'] #search-query")).toHaveLength(1)
})

test("where there was no time for all, a page says how far back it looked, and its links lead to the end", async () => {
  const hurried = { budgetMs: 0, minCount: 3, maxRare: 0 }
  using server = await createTestServer({}, undefined, hurried)
  const { alice, bob } = server.cast
  const dayMs = 24 * 3_600_000
  for (let i = 1; i <= 20; i++) {
    const id = await say(server, bob, i === 2 || i === 15 ? `tea and milk ${i}` : i % 2 ? "tea" : "milk")
    // Days apart, so that it looks through them in pieces.
    await server.chat.commits.decide((tx) =>
      tx.run(sql`update messages set created_at = ${Date.now() - dayMs * (20 - i)} where id = ${id}`),
    )
  }
  const reader = server.as("alice")

  const pages: string[] = []
  let next: string | undefined = "/search?q=tea+milk"
  for (; next !== undefined && pages.length < 20; next = linkOf(pages.at(-1) ?? "")?.attributes.href) {
    pages.push(await (await reader.get(next)).text())
  }

  const [first = "", last = ""] = [pages[0], pages.at(-1)]
  expect(pages.length).toBeGreaterThan(3)
  expect(pages.flatMap((page) => find(page, ".found-text").map(({ text }) => text.trim()))).toEqual([
    "tea and milk 15",
    "tea and milk 2",
  ])
  expect(linkOf(first)?.text.trim()).toBe("Search further back")
  expect(the(first, ".search-status").text.trim()).toBe("No results so far")
  expect(find(first, ".search-help")).toEqual([])
  const looked = find(first, "#search-found .hint").find(({ text }) => text.includes("Searched back to"))
  expect(looked?.text).toContain("These words are common but rarely occur together")
  const backTo = pages
    .slice(0, -1)
    .map((page) => the(page, "#search-found .hint time").attributes.datetime ?? "")
  expect(backTo).toEqual(backTo.toSorted().toReversed())
  expect(find(last, "#search-found .hint time")).toEqual([])
  expect(find(last, ".search-pages a").map(({ text }) => text.trim())).toEqual(["Newest results"])

  const fragment = await reader.get(linkOf(first)?.attributes.href ?? "", {
    headers: { "hx-request": "true" },
  })
  expect(await fragment.text()).toStartWith('<section id="search-found"')
  expect(
    expectData(await alice.client.query("searchMessages", { query: "tea milk" })).lookedBackTo,
  ).toBeDate()
})

const linkOf = (page: string) => find(page, "a[rel=next]")[0]

test("pictures and files are found by what they are, and no longer when their message is deleted", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const { id: file } = await upload(server, "alice")
  const id = crypto.randomUUID()
  await alice.post(`${server.roomPath}/messages`, { content: "look", id, files: file })
  await say(server, server.cast.bob, "plain")
  const countOf = async (query: string) => find(await (await search(alice, query)).text(), ".found").length

  expect([await countOf("has:image"), await countOf("has:file"), await countOf("has:link")]).toEqual([
    1, 1, 0,
  ])
  expect(await countOf("-has:file")).toBe(1)
  expectData(await server.cast.alice.client.mutate("deleteMessage", { messageId: id }))
  expect([await countOf("has:image"), await countOf("look")]).toEqual([0, 0])
})

test("messages of blocked people are collapsed in results as in the log", async () => {
  using server = await createTestServer()
  await say(server, server.cast.bob, "unwanted")
  expectData(await server.cast.alice.client.mutate("blockUser", { userId: server.cast.bob.id }))

  const page = await (await search(server.as("alice"), "unwanted")).text()
  const styles = await server.as("alice").get(the(page, "#blocked-styles").attributes.href ?? "")

  const author = the(page, ".found").attributes["data-author"]
  expect(author).toBe(server.cast.bob.id)
  expect(await styles.text()).toContain(`.found:is([data-author="${author}"])`)
})

test("every query is answered or explained", async () => {
  using server = await createTestServer()
  await say(server, server.cast.bob, "hello")
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom(
      ...['"', "-", "from:me", "in:general", "has:link", "on:today", "before:9998-12-31", "hello"],
    ),
    fc.constantFrom(...["AND", "NOT", "NEAR(", "*", "^", "{facts}:", "会", " ", "\0", "'", ")"]),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const { status } = await search(server.as("alice"), pieces.join(""))
      expect([200, 400]).toContain(status)
    }),
    { numRuns: 150 },
  )
})
