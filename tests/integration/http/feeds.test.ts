import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { feeds, users } from "../../../drizzle/schema.ts"
import { expectData } from "../../support/chat.ts"
import { the } from "../../support/html.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { isStored } from "../../support/test-database.ts"
import { childrenOf, parseXml, textIn } from "../../support/xml.ts"

const atom = "http://www.w3.org/2005/Atom"

/** Makes a feed by the page's form, as bob; its address. */
async function makeFeed(server: TestServer, fields: Record<string, string>): Promise<string> {
  const answer = await server.as("bob").post("/account/feeds", fields)
  const page = await answer.text()
  expect([answer.status, page.includes('role="alert"')]).toEqual([200, false])
  return the(page, "#secret").attributes.value ?? ""
}

/** XML cannot have these characters. */
const withoutForbidden = (text: string) =>
  ["\0", "\u0007", "\u001b", "\uffff"].reduce((rest, one) => rest.replaceAll(one, "\ufffd"), text)

const entriesOf = async (address: string) => {
  const feed = parseXml(await (await fetch(address)).text())
  return childrenOf(feed, "entry").map((entry) => textIn(entry, "content"))
}

describe("a feed", () => {
  test("is valid Atom whatever people write, without a session, and says what has not changed", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    const hostile = [
      "]]> <![CDATA[ <x>&amp;",
      "bell \u0007 escape \u001b\u0000 \uffff end",
      "<script>\"'",
      "🦉 \u2028 ü",
    ]
    for (const text of hostile) await say(server, alice, text)
    const gone = await say(server, bob, "gone")
    expectData(await bob.client.mutate("deleteMessage", { messageId: gone }))
    const address = await makeFeed(server, { channelId: server.general.id })
    expect(await isStored(server.database, address.split("/").at(-1) ?? "-")).toBe(false)

    const answer = await fetch(address)
    const xml = await answer.text()

    expect(answer.headers.get("content-type")).toBe("application/atom+xml; charset=utf-8")
    const feed = parseXml(xml)
    expect([feed.name, feed.namespace]).toEqual(["feed", atom])
    expect(textIn(feed, "title")).toBe("#general, Lab")
    const links = childrenOf(feed, "link").map(({ attributes: { rel, href } }) => [rel, href])
    expect(links).toEqual([
      ["self", address],
      ["alternate", `${server.origin}${server.roomPath}`],
    ])
    const entries = childrenOf(feed, "entry")
    const texts = entries.map((entry) => textIn(entry, "content"))
    expect(texts).toEqual(hostile.map(withoutForbidden).reverse())
    for (const element of [feed, ...entries]) {
      expect(textIn(element, "id")).toMatch(/^urn:uuid:[\da-f-]{36}$/)
      expect(textIn(element, "updated")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    }
    expect(new Set(entries.map((entry) => textIn(entry, "id"))).size).toBe(hostile.length)

    const [etag, modified] = [answer.headers.get("etag") ?? "", answer.headers.get("last-modified") ?? ""]
    const again = async (headers: Record<string, string>) => (await fetch(address, { headers })).status
    expect(await again({ "if-none-match": etag })).toBe(304)
    expect(await again({ "if-modified-since": modified })).toBe(304)
    expect(await again({ "if-none-match": '"other"', "if-modified-since": modified })).toBe(200)
    await say(server, alice, "more")
    expect(await again({ "if-none-match": etag })).toBe(200)
  })

  test("has what its creator may read now, and ends when they remove it", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    await say(server, alice, "tea is ready")
    await say(server, alice, "coffee too")
    const byChannel = await makeFeed(server, { channelId: server.general.id })
    const bySearch = await makeFeed(server, { query: "tea" })
    expect(await entriesOf(byChannel)).toEqual(["coffee too", "tea is ready"])
    expect(await entriesOf(bySearch)).toEqual(["tea is ready"])
    const statuses = async () => [(await fetch(byChannel)).status, (await fetch(bySearch)).status]

    const suspendedAt = (at: Date | null) =>
      server.chat.commits.decide((tx) =>
        tx.update(users).set({ suspendedAt: at }).where(eq(users.id, bob.id)).run(),
      )
    await suspendedAt(new Date())
    expect(await statuses()).toEqual([404, 404])
    await suspendedAt(null)
    expect(await statuses()).toEqual([200, 200])

    expectData(await alice.client.mutate("removeMember", { serverId: server.lab.id, userId: bob.id }))
    expect((await fetch(byChannel)).status).toBe(404)
    expect(await entriesOf(bySearch)).toEqual([])
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: server.lab.id }))
    expectData(await bob.client.mutate("joinServer", { code }))
    expect(await entriesOf(bySearch)).toEqual(["tea is ready"])

    const rows = await server.chat.db.select().from(feeds).where(eq(feeds.userId, bob.id)).all()
    expect(rows.map(({ lastUsedAt }) => lastUsedAt instanceof Date)).toEqual([true, true])
    const ofSearch = rows.find(({ query }) => query !== null)
    const removed = await server.as("bob").post(`/account/feeds/${ofSearch?.id}/delete`, {})
    expect(removed.status).toBe(303)
    expectData(await alice.client.mutate("deleteChannel", { channelId: server.general.id }))
    expect(await statuses()).toEqual([410, 404])
  })

  test("is of a channel or of a search that makes sense, and is not asked for all the time", async () => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "10/10s" })
    const bob = server.as("bob")
    const refused = async (fields: Record<string, string>) =>
      (await bob.post("/account/feeds", fields)).status
    expect(await refused({})).toBe(400)
    expect(await refused({ channelId: server.general.id, query: "tea" })).toBe(400)
    expect(await refused({ query: "before:never" })).toBe(400)
    expect(await refused({ channelId: "none" })).toBe(404)

    const address = await makeFeed(server, { channelId: server.general.id })
    const statuses: number[] = []
    for (let at = 0; at < 21; at++) statuses.push((await fetch(address)).status)
    expect(statuses.slice(0, 20).every((status) => status === 200)).toBe(true)
    expect(statuses[20]).toBe(429)
    expect((await fetch(`${server.origin}/feeds/none`)).status).toBe(404)
  })
})
