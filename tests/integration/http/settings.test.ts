import { describe, expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import type { Settings } from "../../../src/features/settings/contract.ts"
import { expectData, type Person } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { animation, fileOf, upload } from "../../support/pictures.ts"
import { createTestServer, type Visitor } from "../../support/server.ts"
import { createTestSite } from "../../support/site.ts"
import { changeRows } from "../../support/test-database.ts"
import { post, readText } from "../transports/transport.ts"

// How pages are for who wants them so: with no script to see to it.

const change = async ({ client }: Person, settings: Partial<Settings>) =>
  expectData(await client.mutate("updateSettings", settings))
const pageOf = async (visitor: Visitor, path: string, cookie = "") =>
  (
    await visitor.get(path, cookie ? { headers: { cookie: `${await visitor.cookie()}; ${cookie}` } } : {})
  ).text()
const looksOf = (html: string) =>
  Object.fromEntries(
    Object.entries(the(html, "html").attributes).filter(([name]) => !/^(lang|data-viewer)$/.test(name)),
  )

test("the overview of a server's settings lists them in the order of the navigation", async () => {
  using server = await createTestServer()
  const html = await pageOf(server.as("alice"), `/servers/${server.lab.id}/settings`)
  const addresses = (selector: string) => find(html, selector).map(({ attributes }) => attributes.href)
  const [overview, ...others] = addresses(".settings-nav > .settings-links a")

  expect([overview, others.length > 10]).toEqual([`/servers/${server.lab.id}/settings`, true])
  expect(addresses(".account-group a").slice(1)).toEqual(others) // after what is for the viewer alone

  const ofMember = await pageOf(server.as("bob"), `/servers/${server.lab.id}/settings`)
  const groups = find(ofMember, ".account-group > h2").map(({ text }) => text)
  expect(groups).toEqual(["You", "People", "Ownership"]) // none is empty
})

describe("the form of settings", () => {
  test("shows the stored settings and stores new ones", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    const chosen = (html: string) =>
      find(html, "#settings [checked], #settings option[selected]").map(({ attributes }) => attributes.value)
    expect(chosen(await pageOf(bob, "/settings"))).toEqual([
      ...["system", "comfortable", "system", "system", "mentions", "on"],
    ])
    expect(find(await pageOf(bob, "/account"), 'main a[href="/settings"]')).toHaveLength(1)

    const fields = { theme: "dark", timeZone: "Asia/Tokyo", timeFormat: "12h", sounds: "off" }
    const answer = await bob.post("/settings", fields)

    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/settings?saved"])
    const saved = await pageOf(bob, "/settings?saved")
    expect(the(saved, "[role=status]:not(#announcer)").text).toBe("Settings saved.")
    expect(chosen(saved)).toEqual(["dark", "comfortable", "system", "Asia/Tokyo", "12h", "off", "on"])
  })

  test("refuses invalid values and keeps the rest", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    const name = '"><b>Nowhere/Land'

    const answer = await bob.post("/settings", { theme: "dark", timeZone: name, density: "huge" })
    const html = await answer.text()

    expect(answer.status).toBe(400)
    expect(the(html, "#timeZone-error").text).toBe("There is no such time zone")
    expect(the(html, "#timeZone").attributes["aria-describedby"]).toContain("timeZone-error")
    expect(find(html, "#density-error")).toHaveLength(1)
    expect(the(html, "#timeZone option[selected]").attributes.value).toBe(name)
    expect(find(html, "[name=theme][checked]").map(({ attributes }) => attributes.value)).toEqual(["dark"])
    expect(looksOf(await pageOf(bob, "/settings"))).toEqual({})
  })

  test("leaves alone what it does not send", async () => {
    using server = await createTestServer()
    await change(server.cast.bob, { theme: "dark" })

    const answer = await server.as("bob").post("/settings", { density: "compact", nonsense: "x" })

    expect(answer.status).toBe(303)
    expect(looksOf(await pageOf(server.as("bob"), "/"))).toEqual({
      "data-theme": "dark",
      "data-density": "compact",
    })
  })
})

describe("a page looks as its viewer wants it", () => {
  test("on any page, also a cached one, and only for that viewer", async () => {
    using server = await createTestServer()
    const { roomPath, lab } = server
    const bob = server.as("bob")
    const frames = [`${roomPath}/composer`, "/none"]
    const paths = [roomPath, "/", "/account", "/saved", "/api", `/servers/${lab.id}/members`, ...frames]
    for (const path of paths) expect([path, looksOf(await pageOf(bob, path))]).toEqual([path, {}])
    const etag = (await bob.get(roomPath)).headers.get("etag") ?? ""

    const all: Settings = {
      ...{ theme: "dark", density: "compact", timeZone: "Asia/Tokyo", timeFormat: "12h" },
      ...{ reducedMotion: "on", sounds: "all", singleKeys: "off" },
    } as const
    await change(server.cast.bob, all)

    const unchanged = await bob.get(roomPath, { headers: { "if-none-match": etag } })
    expect(unchanged.status).toBe(200)
    for (const path of paths) {
      const html = await pageOf(bob, path)
      expect([path, looksOf(html)]).toEqual([
        path,
        {
          ...{ "data-theme": "dark", "data-density": "compact", "data-zone": "Asia/Tokyo" },
          ...{ "data-clock": "12h", "data-motion": "reduced", "data-sounds": "all", "data-keys": "off" },
        },
      ])
      expect(the(html, "meta[name=color-scheme]").attributes.content).toBe("dark")
    }
    expect(looksOf(await pageOf(server.as("alice"), roomPath))).toEqual({})
    expect(looksOf(await pageOf(server.visitor(null), "/login"))).toEqual({})
    expect(
      the(await pageOf(server.visitor(null), "/login"), "meta[name=color-scheme]").attributes.content,
    ).toBe("light dark")
  })

  test("with still pictures under reduced motion", async () => {
    await using site = await createSite()
    const { cast, roomPath } = site
    const { id } = await upload(site, "alice", fileOf("blink.gif", animation({ frames: 2 })))
    const stills = (html: string) =>
      find(html, "picture source").map(({ attributes: { media, srcset } }) => [media, srcset])
    await change(cast.bob, { reducedMotion: "on" })
    const [alices, bobs] = [await follow(site, "alice"), await follow(site, "bob")]

    await site.as("alice").post(`${roomPath}/messages`, { content: "look", files: id })
    const isThere = (stream: { text: string }) => stills(stream.text).length > 0
    await until("both see it", () => isThere(alices) && isThere(bobs))

    const still = `/files/${id}/preview/400`
    for (const [name, stream, media] of [
      ["alice", alices, "(prefers-reduced-motion: reduce)"],
      ["bob", bobs, "all"],
    ] as const) {
      expect(stills(stream.text)).toEqual([[media, still]])
      expect(stills(await pageOf(site.as(name), roomPath))).toEqual([[media, still]])
    }
  })
})

describe("times are those of who reads them", () => {
  const [late, early] = [new Date("2026-01-05T22:59:07Z"), new Date("2026-01-05T23:01:00Z")]
  const timesIn = (html: string) =>
    find(html, "#messages time, #messages .new-divider").map(({ text }) => text)

  test("on each page, by their setting or their browser", async () => {
    await using site = await createSite()
    for (const [text, at] of [
      ["one", late],
      ["two", early],
      ["three", early],
    ] as const)
      await say(site, text, at, site.cast.alice)
    const bob = site.as("bob")
    const shown = async (cookie?: string, query = "") =>
      timesIn(await pageOf(bob, site.roomPath + query, cookie))

    expect(await shown()).toEqual([
      "Monday, 5 January 2026 UTC",
      "New messages",
      "22:59 UTC",
      "23:01 UTC",
      "23:01 UTC",
    ])
    const inBerlin = [
      "Monday, 5 January 2026",
      "New messages",
      "11:59 PM",
      "Tuesday, 6 January 2026",
      "12:01 AM",
      "12:01 AM",
    ]
    expect(await shown("clock=12h.Europe/Berlin")).toEqual(inBerlin)
    await change(site.cast.bob, { timeZone: "Asia/Tokyo" })
    expect((await shown("clock=12h.Europe/Berlin")).at(-1)).toBe("8:01 AM")
    await change(site.cast.bob, { timeZone: "Europe/Berlin", timeFormat: "12h" })
    expect(await shown()).toEqual(inBerlin)
    expect(await shown(undefined, "?before=3")).toEqual(inBerlin.slice(0, -1))

    const [signedIn] = find(await pageOf(bob, "/account"), ".sessions time")
    expect(signedIn?.text).toMatch(/^\d+ \w{3} \d{4}, \d+:\d\d [AP]M$/)
    // The API says what it always does.
    const json = await bob.get(site.roomPath, { headers: { accept: "application/json" } })
    expect(await json.text()).toContain(`"createdAt":"${late.toISOString()}"`)
  })

  test("on a page that never ends, and so are its days, as they begin", async () => {
    await using site = await createSite()
    const { cast } = site
    await say(site, "one", late)
    await say(site, "two", early)
    await change(cast.alice, { timeZone: "Europe/Berlin" })
    await change(cast.bob, { timeZone: "America/New_York", timeFormat: "12h" })
    const streams = [await follow(site, "alice"), await follow(site, "bob"), await follow(site, "bob")]
    const [alices, bobs] = streams as [(typeof streams)[0], (typeof streams)[0]]
    const areShown = (text: string) =>
      until(`${text} is shown`, () => streams.every((stream) => stream.text.includes(text)))
    await areShown("two")

    // Now is another day than they saw last, and then it is not.
    const now = new Date()
    await post(site.as("alice"), site.room, "three")
    await areShown("three")
    await post(site.as("bob"), site.room, "four")
    await areShown("four")

    const days = (stream: { text: string }) =>
      find(stream.text, ".day time").map(({ attributes }) => attributes.datetime)
    const dayIn = (timeZone: string) => new Intl.DateTimeFormat("sv-SE", { timeZone }).format(now)
    expect(days(alices)).toEqual(["2026-01-05", "2026-01-06", dayIn("Europe/Berlin")])
    for (const stream of streams.slice(1))
      expect(days(stream)).toEqual(["2026-01-05", dayIn("America/New_York")])
    expect(timesIn(bobs.text).filter((text) => text === "5:59 PM")).toHaveLength(1)
    const last = find(bobs.text, "article time").at(-1)
    const format = { timeZone: "America/New_York", hour: "numeric", minute: "2-digit" } as const
    const at = new Date(last?.attributes.datetime ?? "")
    expect(last?.text).toBe(at.toLocaleTimeString("en-US", format).replace("\u202f", " "))

    // An edit is by their clocks too, and begins no day.
    const first = alices.text.match(/id="message-([^"]+)"/)?.[1] ?? ""
    expectData(await cast.bob.client.mutate("editMessage", { messageId: first, content: "uno" }))
    await areShown("uno")
    expect(days(bobs)).toHaveLength(2)
    expect(bobs.text.slice(bobs.text.indexOf("uno") - 2000)).toContain(">5:59 PM</time>")
  })

  test("and nothing else of a page changes with them", async () => {
    await using site = await createSite()
    await say(site, '<time datetime="2026-01-05T22:59:07.000Z">mine</time>', late)
    const bob = site.as("bob")

    const html = await pageOf(bob, site.roomPath, "clock=24h.Asia/Tokyo")

    expect(the(html, "#messages .content").text).toBe('<time datetime="2026-01-05T22:59:07.000Z">mine</time>')
    expect(html).toMatch(/<body class="room"[^>]*><a class="skip"/)
  })
})

type Site = Awaited<ReturnType<typeof createSite>>

async function createSite() {
  const site = await createTestSite()
  return { ...site, [Symbol.asyncDispose]: site.close }
}

/** Something that was said at a time in the past. */
async function say(site: Site, content: string, at: Date, person = site.cast.bob): Promise<void> {
  const [id = ""] = await site.write(person, content, 1)
  const change = sql`update messages set created_at = ${at.getTime()}, content = ${content} where id = ${id}`
  await changeRows(site.database, change)
}

/** What comes on the page that never ends. */
async function follow(site: Site, name: "alice" | "bob"): Promise<{ text: string }> {
  const stream = { text: "" }
  const take = (text: string) => {
    stream.text += text
  }
  readText(await site.as(name).get(`${site.roomPath}/stream`), take, () => {})
  await until("the page begins", () => stream.text.includes('id="messages"'))
  return stream
}
