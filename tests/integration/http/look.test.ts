import { expect, test } from "bun:test"
import { administrate } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { fileOf, picture } from "../../support/pictures.ts"
import { noteQueries } from "../../support/queries.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { testOnSqlite } from "../../support/test-database.ts"

async function createAdministered() {
  const server = await createTestServer()
  await administrate(server.chat, server.cast.alice.id)
  return server
}

const change = ({ cast }: TestServer, look: Record<string, unknown>) =>
  cast.alice.client.mutate("updateLook", look as never)

async function uploadIcon(server: TestServer, content: Uint8Array | string) {
  const body = new FormData()
  body.append("icon", fileOf("icon.png", content))
  return server.as("alice").fetch("/admin/look/icon", { method: "POST", body })
}

const everlasting = "public, max-age=31536000, immutable"

test("pages bear the name of the chat and no other, on every node and to strangers", async () => {
  using server = await createAdministered()
  const pages = {
    stranger: ["/login", "/signup", "/waiting", "/setup/used", "/invites/none", "/api"],
    bob: [server.roomPath, "/", "/settings", "/nowhere", `${server.roomPath}?transport=stream`],
  }
  expectData(await change(server, { name: "Tea & <Friends>" }))
  await until("the other node knows it", () => server.second.look.current.name.startsWith("Tea"))

  for (const [who, paths] of Object.entries(pages)) {
    for (const path of paths) {
      const visitor = who === "bob" ? server.as("bob") : server.visitor(null)
      const page = await visitor.get(path)
      const html = await page.text()
      if (page.status === 303) continue
      expect([path, the(html, "title").text]).toEqual([path, expect.stringMatching(/Tea & <Friends>$/)])
      if (path !== "/api") expect([path, html.includes("Covenant Chat")]).toEqual([path, false])
    }
  }
})

test("a colour comes as a style sheet of its own, cached for ever by its version", async () => {
  using server = await createAdministered()
  const linked = async () =>
    find(await (await server.as("alice").get("/")).text(), 'link[href^="/instance/style"]')
  expect(await linked()).toEqual([])

  for (const accent of ["red", "#12345", "#12345g", "url(x)"])
    expect([accent, (await change(server, { accent })).error?.code]).toEqual([accent, 400])
  expectData(await change(server, { accent: "#FFEE00" }))

  const [link] = await linked()
  const path = link?.attributes.href ?? ""
  const sheet = await server.as("alice").get(path)
  expect(sheet.headers.get("content-type")).toBe("text/css; charset=utf-8")
  expect(sheet.headers.get("cache-control")).toBe(everlasting)
  expect(await sheet.text()).toMatch(/^:root\{--accent:light-dark\(#[0-9a-f]{6},#ffee00\);[^<>]*\}\n$/)

  expectData(await change(server, { accent: "#0a6e5c" }))
  expect((await linked())[0]?.attributes.href).not.toBe(path)
  expect((await server.as("alice").get(path)).headers.get("cache-control")).toBe("no-store")
  expectData(await change(server, { accent: null }))
  expect(await linked()).toEqual([])
})

test("an icon is encoded again in four sizes, and marked where something is unread", async () => {
  using server = await createAdministered()
  const links = async (selector: string) =>
    find(await (await server.visitor(null).get("/login")).text(), selector)
  expect((await uploadIcon(server, "<svg onload=alert(1)>")).status).toBe(400)
  expect((await uploadIcon(server, await picture("webp", 300, 200))).status).toBe(303)
  await until("the other node knows it", () => server.second.look.current.iconVersion !== null)

  const [icon] = await links('link[rel="icon"]')
  const { href = "", "data-unread": unread = "", "data-mentions": mentions = "" } = icon?.attributes ?? {}
  for (const size of [32, 180, 192, 512]) {
    const answer = await server.visitor(null).get(href.replace("-32.png", `-${size}.png`))
    expect(answer.headers.get("cache-control")).toBe(everlasting)
    const metadata = await new Bun.Image(await answer.bytes()).metadata()
    expect(metadata).toMatchObject({ width: size, height: size, format: "png" })
  }
  for (const mark of [unread, mentions]) {
    const answer = await server.visitor(null).get(mark)
    expect(answer.headers.get("content-type")).toBe("image/svg+xml")
    expect(await answer.text()).toMatch(/href="data:image\/png;base64,[\w+/=]+".*<circle/)
  }
  expect((await links('link[rel="apple-touch-icon"]'))[0]?.attributes.href).toEndWith("-180.png")

  expect((await server.as("alice").post("/admin/look/icon/remove", {})).status).toBe(303)
  await until("the other node knows it", () => server.second.look.current.iconVersion === null)
  expect((await server.visitor(null).get(href)).status).toBe(404)
  expect((await links('link[rel="icon"]'))[0]?.attributes.href).toEndWith("icon.svg")
  const stored = async () => (await Array.fromAsync(server.chat.storage.list("instanceicons"))).length
  for (let left = await stored(); left > 0; left = await stored()) await Bun.sleep(5)
})

test("the sign-up page shows the rules, and addresses in its text are links", async () => {
  using server = await createAdministered()
  for (const termsUrl of ["javascript:alert(1)", "//example.org", "example.org", "https://"])
    expect([termsUrl, (await change(server, { termsUrl })).error?.code]).toEqual([termsUrl, 400])
  const signInText = 'Ours, see https://example.org/a?b=1&c="2". <b>Welcome</b>'
  const links = { termsUrl: "https://example.org/terms", privacyUrl: "https://example.org/privacy" }
  expectData(await change(server, { ...links, signInText }))
  await until("the other node knows it", () => server.second.look.current.termsUrl !== "")

  for (const path of ["/login", "/signup"]) {
    const html = await (await server.visitor(null).get(path)).text()
    expect(find(html, ".legal a").map(({ attributes }) => attributes.href)).toEqual(Object.values(links))
    expect(the(html, ".sign-in-text").text).toBe(signInText)
    expect(the(html, ".sign-in-text a").attributes.href).toBe("https://example.org/a?b=1&c=")
  }
  const signUp = await (await server.visitor(null).get("/signup")).text()
  expect(find(signUp, "form .hint a").map(({ text }) => text)).toEqual(["the terms", "the privacy policy"])
})

testOnSqlite("the look costs the room page no query and at most 100 bytes", async () => {
  using queries = noteQueries()
  using server = await createAdministered()
  const bob = server.as("bob")
  const measure = async () => {
    await server.as("alice").post(`${server.roomPath}/messages`, { content: "new" })
    await (await bob.get(server.roomPath)).text()
    await server.as("alice").post(`${server.roomPath}/messages`, { content: "new" })
    queries.take()
    const page = await (await bob.get(server.roomPath)).text()
    const head = page.slice(0, page.indexOf("</head>"))
    return { bytes: Bun.gzipSync(head, { level: 4 }).length, queries: queries.take().length }
  }
  const before = await measure()
  expectData(await change(server, { name: "Covenant Chat", accent: "#ffee00" }))
  await uploadIcon(server, await picture("png", 64, 64))

  const after = await measure()

  expect(before.queries).toBeGreaterThan(0) // or nothing is counted
  expect(after.queries).toBe(before.queries)
  expect(after.bytes - before.bytes).toBeLessThanOrEqual(100)
})

test("where only administrators create servers, pages offer that to them alone", async () => {
  using server = await createAdministered()
  const offers = async (name: "alice" | "bob") => {
    const pages = await Promise.all(["/", server.roomPath].map((path) => server.as(name).get(path)))
    const texts = await Promise.all(pages.map((page) => page.text()))
    return texts.map((html) => find(html, 'a[href="/servers/new"]').length)
  }
  expect(await offers("bob")).toEqual([1, 1])

  const closed = { registration: "open", serverCreation: "administrators" } as const
  expectData(await server.cast.alice.client.mutate("updateInstance", closed))
  await until("the other node knows it", () => server.second.look.current.keepsServers)

  expect(await offers("alice")).toEqual([1, 1])
  expect(await offers("bob")).toEqual([0, 0])
  const made = { userId: server.cast.bob.id, isAdministrator: true }
  expectData(await server.cast.alice.client.mutate("setAdministrator", made))
  expect(await offers("bob")).toEqual([1, 1])
})
