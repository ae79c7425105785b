import { expect, test } from "bun:test"
import { eq, sql } from "drizzle-orm"
import { channels } from "../../../drizzle/schema.ts"
import { setReadPosition } from "../../../src/features/reading/store.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { noteQueries } from "../../support/queries.ts"
import { createTestSite, type TestSite } from "../../support/site.ts"
import { changeRows, sqliteOf, testOnSqlite } from "../../support/test-database.ts"

test("a page shows where its reader left off, and goes on showing it from page to page", async () => {
  await using site = await createSite()
  await site.write(site.cast.alice, "message", 120)
  await readUpTo(site, 70)
  const bob = site.as("bob")
  const shown = async (query: string) => {
    const html = await (await bob.get(`${site.roomPath}${query}`)).text()
    const log = the(html, "#messages").text
    const [before = "", after] = log.split("New messages")
    return { html, firstNew: after?.match(/message (\d+)/)?.[1], hasOld: /message \d+/.test(before) }
  }

  const newest = await shown("")
  expect(the(newest.html, "#new-bar").text).toContain("50 new messages")
  expect(newest.firstNew).toBe("71")
  const older = find(newest.html, "#log > #older")[0]?.attributes.href ?? ""
  expect(older).toContain("read=70")

  await readUpTo(site, 120)
  expect((await shown("")).firstNew).toBeUndefined()
  expect(find((await shown("")).html, "#new-bar")).toEqual([])
  // The links of that page keep the reading position.
  expect(await shown("?after=69&read=70")).toMatchObject({ firstNew: "71", hasOld: true })
  const fragment = await bob.get(`${site.roomPath}?before=73&read=70`, { headers: { "hx-request": "true" } })
  expect(find(await fragment.text(), ".new-divider")).toHaveLength(1)
})

test("a channel can be opened where its reader left off", async () => {
  await using site = await createSite()
  await site.write(site.cast.alice, "message", 200)
  await readUpTo(site, 40)
  const html = await (await site.as("bob").get(`${site.roomPath}?unread`)).text()

  const texts = find(html, "#messages .content").map(({ text }) => text)
  expect(texts).toHaveLength(50)
  expect([texts[0], texts[10]]).toEqual(["message 31", "message 41"])
  expect(find(html, "#log > #older, #log > #newer")).toHaveLength(2)
  const target = find(html, "#first-unread")[0]?.attributes.href?.split("#")[1]
  expect(the(html, `#${target} .content`).text).toBe("message 41")

  // With nothing unread it is the newest page.
  await readUpTo(site, 200)
  const all = await (await site.as("bob").get(`${site.roomPath}?unread`)).text()
  expect(find(all, "#messages .content").at(-1)?.text).toBe("message 200")
})

test("without JavaScript, forms mark channels as read and unread", async () => {
  await using site = await createSite()
  const [, second] = await site.write(site.cast.alice, "message", 3)
  const bob = site.as("bob")
  const bar = async () => find(await (await bob.get(`${site.roomPath}?transport=stream`)).text(), "#new-bar")
  expect((await bar())[0]?.text).toContain("3 new messages")

  const read = await bob.post(`${site.roomPath}/read`, {})
  expect([read.status, read.headers.get("location")]).toEqual([303, site.roomPath])
  expect(await bar()).toEqual([])

  const back = await bob.post(`/messages/${second}/unread`, {})
  expect([back.status, back.headers.get("location")]).toEqual([303, `${site.roomPath}?unread`])
  expect((await bar())[0]?.text).toContain("2 new messages")
  await bob.post(`/servers/${site.lab.id}/read`, {})
  expect(await bar()).toEqual([])
})

test("one can jump to a day, as it begins where one is", async () => {
  await using site = await createSite()
  const ids = await site.write(site.cast.alice, "message", 40)
  // Six hours apart, the first at midnight of the 1st in UTC.
  for (const [at, id] of ids.entries()) {
    const time = Date.UTC(2026, 0, 1, at * 6)
    await changeRows(site.database, sql`update messages set created_at = ${time} where id = ${id}`)
  }
  const bob = site.as("bob")
  const jump = async (query: string) => {
    const answer = await bob.get(`${site.roomPath}?${query}`)
    const location = answer.headers.get("location") ?? ""
    const at = ids.indexOf(location.match(/around=([\w-]+)/)?.[1] ?? "")
    return answer.status === 303 ? (at < 0 ? "newest" : at) : answer.status
  }

  expect(await jump("at=2026-01-01")).toBe(0)
  expect(await jump("at=2026-01-05")).toBe(16)
  expect(await jump("at=2025-06-01")).toBe(0)
  // Tokyo's day begins nine hours before, New York's five after.
  expect(await jump("at=2026-01-05&zone=Asia/Tokyo")).toBe(15)
  expect(await jump("at=2026-01-05&zone=America/New_York")).toBe(17)
  expect(await jump("at=2026-01-05&zone=Nowhere/Land")).toBe(16)
  expect(await jump("at=2026-01-10")).toBe(36)
  expect(await jump("at=2026-03-01")).toBe("newest")
  for (const bad of ["at=", "at=tomorrow", "at=2026-02-31", "at=2026-13-01"])
    expect(await jump(bad)).toBe(400)
  expect((await site.as("mallory").get(`${site.roomPath}?at=2026-01-01`)).status).toBe(403)
})

testOnSqlite(
  "a channel of 100,000 messages asks no more of the database than one of fifty",
  async () => {
    using queries = noteQueries()
    await using site = await createSite()
    const bob = site.as("bob")
    const open = async (query = "") => {
      await bob.get(site.roomPath)
      queries.take()
      const html = await (await bob.get(`${site.roomPath}${query}`)).text()
      return { html, sql: queries.take() }
    }
    await site.write(site.cast.alice, "message", 50)
    const [few, fewUnread] = [await open(), await open("?unread")]

    const { general, cast, database } = site
    // As `appendMessage` would, in one statement.
    sqliteOf(database).run(
      `insert into messages (id, channel_id, user_id, content, position, seq, ordinal, created_at)
     with recursive n(i) as (select 51 union all select i + 1 from n where i < 100000)
     select 'bulk-' || i, ?1, ?2, 'message ' || i, i, i, i, i from n`,
      [general.id, cast.alice.id],
    )
    const counts = { seq: 100_000, messageCount: 100_000 }
    await site.chat.commits.note("unread", (tx) =>
      tx.update(channels).set(counts).where(eq(channels.id, general.id)).run(),
    )
    const [many, manyUnread] = [await open(), await open("?unread")]

    expect(the(many.html, "#new-bar").text).toContain("99+ new messages")
    expect(find(manyUnread.html, "#messages .content")[0]?.text).toBe("message 1")
    expect(many.sql).toEqual(few.sql)
    expect(manyUnread.sql).toEqual(fewUnread.sql)
    expect(many.sql.length).toBeLessThanOrEqual(3)
    for (const sql of new Set([...many.sql, ...manyUnread.sql])) {
      const plan = sqliteOf(database).prepare<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`).all()
      const scans = plan
        .map(({ detail }) => detail)
        .filter((step) => /^SCAN (messages|y|mentions|x)\b/.test(step))
      expect(scans).toEqual([])
    }
    expect(expectData(await cast.bob.client.query("getUnread", null))).toMatchObject([{ unread: 100_000 }])
  },
  60_000,
)

async function createSite() {
  const site = await createTestSite()
  return { ...site, [Symbol.asyncDispose]: () => site.close() }
}

async function readUpTo({ general, cast, chat }: TestSite, position: number): Promise<void> {
  const place = { userId: cast.bob.id, channelId: general.id, position }
  await chat.commits.decide((tx) => setReadPosition(tx, place))
}
