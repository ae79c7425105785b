import { describe, expect, test } from "bun:test"
import { brotliDecompressSync } from "node:zlib"
import { asset } from "../../../src/web/assets.ts"
import { expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { addressOf, type Ids, idsOf, routesOf } from "../../support/routes.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { post } from "../transports/transport.ts"

const hostileName = `"><script>x</script><b style=x onclick=x>'&`
/** Shown in frames of our own pages. */
const framed = /\/(composer|stream)$/
const noPage =
  /\/(health|metrics|notice|robots\.txt|security\.txt|manifest\.webmanifest|service-worker\.js|app-icon\.png|apple-touch-icon\.png|events|openapi\.json|audit-log\.json|(blocked|roles)\.css)$|^GET \/(static|viewers|files|previews|avatars)\//

describe("every page", () => {
  test("allows no script, style or frame but ours", async () => {
    using server = await createTestServer()

    for (const { route, answer } of await everyPage(server)) {
      const policy = directivesOf(answer)
      expect([route, policy.get("frame-ancestors")]).toEqual([
        route,
        framed.test(route) ? "'self'" : "'none'",
      ])
      expect([route, policy.get("default-src")]).toEqual([route, "'none'"])
      expect([route, policy.get("base-uri")]).toEqual([route, "'none'"])
      expect([route, policy.get("form-action")]).toEqual([route, "'self'"])
      for (const value of policy.values())
        expect([route, value]).toEqual([route, expect.stringMatching(/^'(self|none)'$/)])
      expect([route, answer.headers.get("x-content-type-options")]).toEqual([route, "nosniff"])
      expect([route, answer.headers.get("referrer-policy")]).toEqual([route, "no-referrer"])
      expect([route, answer.headers.get("cache-control")]).toEqual([
        route,
        expect.stringMatching(/private|no-store/),
      ])
    }
  })

  test("has nothing inline and asks no other host for anything", async () => {
    using server = await createTestServer()

    for (const { route, html } of await everyPage(server)) {
      expect([route, find(html, "script:not([src]), style, object, embed")]).toEqual([route, []])
      const all = find(html, "*")
      expect(all.length).toBeGreaterThan(5)
      for (const { name, attributes } of all) {
        const odd = Object.keys(attributes).filter((attribute) =>
          /^on|^style$|^srcdoc$|^hx-on/.test(attribute),
        )
        expect([route, name, odd]).toEqual([route, name, []])
        const asked = [
          "src",
          "srcset",
          "poster",
          "action",
          "formaction",
          "data",
          "background",
          "hx-get",
          "hx-post",
        ]
        for (const attribute of name === "link" ? [...asked, "href"] : asked) {
          const value = attributes[attribute] ?? "/"
          expect([route, name, attribute, value]).toEqual([
            route,
            name,
            attribute,
            expect.stringMatching(/^\/(?!\/)/),
          ])
        }
      }
    }
  })

  test("shows names as text", async () => {
    using server = await createTestServer()
    let shown = 0

    for (const { html, route } of await everyPage(server)) {
      expect([route, find(html, "b[onclick], b[style]")]).toEqual([route, []])
      if (html.includes("&lt;script&gt;x")) shown++
    }

    expect(shown).toBeGreaterThan(10) // or the names were not there to break out
  })

  test("has unique ids, and every label and description refers to one", async () => {
    using server = await createTestServer()

    for (const { html, route } of await everyPage(server)) {
      const ids = find(html, "[id]").map(({ attributes }) => attributes.id)
      expect([route, ids.filter((id, at) => ids.indexOf(id) !== at)]).toEqual([route, []])
      const referring = "label[for], [aria-labelledby]:not(dialog), [aria-describedby]"
      for (const { attributes } of find(html, referring)) {
        const {
          for: labelled = "",
          "aria-labelledby": label = "",
          "aria-describedby": description = "",
        } = attributes
        for (const id of `${labelled} ${label} ${description}`.split(" ").filter(Boolean)) {
          expect([route, id, ids.includes(id)]).toEqual([route, id, true])
        }
      }
    }
  })
})

describe("the session's cookie", () => {
  test("is hidden from scripts and from other sites' requests", async () => {
    using server = await createTestServer()

    const [cookie, ...others] = await cookiesOf(server, {})

    expect(others).toEqual([])
    expect(cookie).toMatch(/^covenant\.session_token=[^;]+;/)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/)
    expect(cookie).toMatch(/; Path=\//)
    expect(cookie).not.toMatch(/Secure|Domain/)
  })

  test("goes over https alone where the chat is there", async () => {
    using server = await createTestServer({ PUBLIC_URL: "https://chat.example.org" })

    const [cookie] = await cookiesOf(server, { origin: "https://chat.example.org" })

    expect(cookie).toMatch(/^__Secure-covenant\.session_token=[^;]+;.*; HttpOnly; Secure; SameSite=Lax$/)
  })

  test("is taken away by signing out, each cookie by a header of its own", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")

    const answer = await bob.post("/logout", {})

    const cookies = answer.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) expect(cookie).toMatch(/^covenant\.\w+=; Max-Age=0;[^,]*$/)
    expect((await bob.get("/")).headers.get("location")).toBe("/login")
  })
})

describe("a static file", () => {
  test.each(["app.css", "app.js", "interaction.js", "icons/icon.svg"])(
    "%s is kept for ever and sent compressed",
    async (name) => {
      using server = await createTestServer()
      const ask = (encodings: string) =>
        fetch(server.origin + asset(name), {
          headers: { "accept-encoding": encodings },
          decompress: false,
        } as RequestInit)

      const [compressed, plain] = [await ask("gzip, deflate, br"), await ask("identity")]

      for (const { status, headers } of [compressed, plain]) {
        expect(status).toBe(200)
        expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
        expect(headers.get("x-content-type-options")).toBe("nosniff")
        expect(headers.get("vary")).toMatch(/accept-encoding/i)
      }
      expect(compressed.headers.get("content-encoding")).toBe("br")
      expect(plain.headers.get("content-encoding")).toBeNull()
      const bytes = new Uint8Array(await plain.arrayBuffer())
      const unpacked = brotliDecompressSync(new Uint8Array(await compressed.arrayBuffer()))
      expect(Buffer.from(bytes).equals(unpacked)).toBe(true)
    },
  )

  test("at the URL of another version is not cached, and works for the page that still links to it", async () => {
    using server = await createTestServer()
    const url = asset("app.js")
    const known = await fetch(server.origin + url)
    const other = url.replace(/(?<=\/static\/)\w+/, "000000000000")
    expect(other).not.toBe(url)

    const answer = await fetch(server.origin + other)

    expect(answer.status).toBe(200)
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(await answer.text()).toBe(await known.text())
  })

  test.each(["..%2fpackage.json", "%2e%2e%2fsrc%2fconfig.ts", "__proto__", "nothing.js", ""])(
    "outside the folder is not there: %s",
    async (name) => {
      using server = await createTestServer()

      const answer = await fetch(`${server.origin}/static/x/${name}`)

      expect(answer.status).toBe(404)
    },
  )

  test("of a viewer contains no secrets", async () => {
    using server = await createTestServer()

    const good = await fetch(`${server.origin}/viewers/${server.cast.bob.id}.css`)
    const bad = await fetch(
      `${server.origin}/viewers/${encodeURIComponent('x"]{}*{background:url(//evil.example)}')}.css`,
    )

    expect(good.headers.get("content-type")).toBe("text/css; charset=utf-8")
    expect(await good.text()).not.toMatch(/url|@import/)
    expect(bad.status).toBe(404)
  })
})

test("pages are sent compressed where that helps, and as they are to who cannot unpack them", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const ask = (encodings: string) =>
    alice.get(server.roomPath, {
      headers: { "accept-encoding": encodings },
      decompress: false,
    } as RequestInit)

  const plain = await ask("identity, zstd;q=0, gzip;q=0")
  expect(plain.headers.get("content-encoding")).toBeNull()
  const text = await plain.text()

  for (const [accepted, encoding, unpack] of [
    ["gzip", "gzip", Bun.gunzipSync],
    ["gzip, deflate, br, zstd", "zstd", Bun.zstdDecompressSync],
    ["zstd;q=0, gzip", "gzip", Bun.gunzipSync],
  ] as const) {
    const compressed = await ask(accepted)
    expect([accepted, compressed.headers.get("content-encoding")]).toEqual([accepted, encoding])
    expect(compressed.headers.get("vary")).toMatch(/accept-encoding/)
    const unpacked = unpack(new Uint8Array(await compressed.arrayBuffer()))
    expect(new TextDecoder().decode(unpacked)).toBe(text)
  }
})

interface Shown {
  route: string
  answer: Response
  html: string
}

/** Every page that alice can get, with hostile names on them, and those of strangers and of failures. */
async function everyPage(server: TestServer): Promise<Shown[]> {
  const ids = await namedIdsOf(server)
  const pages: Shown[] = []
  const show = async (route: string, answer: Response) => {
    pages.push({ route, answer, html: route.endsWith("/stream") ? "" : await answer.text() })
  }
  const routes = routesOf(server).filter((route) => route.startsWith("GET ") && !noPage.test(route))
  for (const route of routes) {
    const aborter = new AbortController()
    const answer = await server.as("alice").get(addressOf(route, ids), { signal: aborter.signal })
    if (answer.status === 200) await show(route, answer)
    if (route.endsWith("/stream")) aborter.abort()
  }
  const stranger = server.visitor(null)
  const room = addressOf("GET /servers/:serverId/channels/:channelId", ids)
  await show("sign in", await stranger.get("/login?next=/x"))
  await show("sign up", await stranger.get("/signup"))
  await show("an invite", await stranger.get(`/invites/${ids.code}`))
  await show("a used invite", await stranger.get("/invites/nothing"))
  await show("not found", await stranger.get("/nothing"))
  await show("not allowed", await server.as("mallory").get(room))
  await show("history", await server.as("alice").get(`${room}?before=2`))
  await show("without script", await server.as("alice").get(`${room}?transport=stream`))
  await show("a refused message", await server.as("alice").post(`${room}/messages`, { content: "" }))
  await show("a refused name", await server.as("alice").post("/servers", { name: hostileName.repeat(9) }))
  expect(pages.length).toBeGreaterThan(20)
  return pages.map((page) => (page.html ? page : { ...page, html: "<p>".repeat(6) }))
}

async function namedIdsOf(server: TestServer): Promise<Ids> {
  const { client } = server.cast.alice
  const { lab, general, room } = server
  expectData(await client.mutate("renameServer", { serverId: lab.id, name: hostileName }))
  expectData(await client.mutate("renameChannel", { channelId: general.id, name: hostileName }))
  await post(server.as("bob"), room, `${hostileName} https://example.org/"onclick=x`)
  return idsOf(server)
}

function directivesOf({ headers }: Response): Map<string, string> {
  const policy = headers.get("content-security-policy") ?? ""
  return new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ")
      return [name, values.join(" ")]
    }),
  )
}

async function cookiesOf({ origin }: TestServer, headers: Record<string, string>): Promise<string[]> {
  const answer = await fetch(`${origin}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin, ...headers },
    body: new URLSearchParams({ username: "alice", password: "password" }),
  })
  return answer.headers.getSetCookie()
}
