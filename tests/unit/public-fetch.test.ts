import { describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PublicFetch } from "../../src/web/public-fetch.ts"
import { certificate, certificateKey } from "../support/certificate.ts"
import { until } from "../support/listen.ts"
import { outsideFetch, outsideIp, serveOutside, speakOutside } from "../support/outside.ts"

const maxBytes = 100_000
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe("a request", () => {
  test("goes to the checked IP with the original host name", async () => {
    using site = serveOutside(({ url, headers }) =>
      Response.json({ url, headers: Object.fromEntries(headers) }),
    )

    const answer = await outsideFetch().fetch(site.at("/page?q=1#part"), { maxBytes })

    expect(answer).toMatchObject({ status: 200, url: site.at("/page?q=1") })
    const { url, headers } = JSON.parse(text(answer.bytes))
    expect(url).toBe(site.at("/page?q=1"))
    expect(headers["accept-encoding"]).toBe("identity")
    expect(headers.cookie ?? headers.authorization ?? headers.referer).toBeUndefined()
  })

  test("is refused at once for anything but an http or https URL", async () => {
    const urls = [
      "file:///etc/passwd",
      "ftp://site.test/",
      "data:,x",
      "javascript:1",
      "gopher://x",
      "//x",
      "x",
    ]
    for (const url of [...urls, `http://site.test/${"x".repeat(3000)}`]) {
      await expect(outsideFetch().fetch(url, { maxBytes })).rejects.toThrow("Not an http or https URL")
    }
    const withPassword = outsideFetch().fetch("http://me:secret@site.test/", { maxBytes })
    await expect(withPassword).rejects.toThrow("contains a user name or password")
  })

  test.each([
    ...["http://127.0.0.1:PORT/", "http://127.1:PORT/", "http://2130706433:PORT/", "http://0x7f.0.0.1:PORT/"],
    ...[
      "http://017700000001:PORT/",
      "http://0:PORT/",
      "http://127.0.0.1.:PORT/",
      "http://１２７.0.0.1:PORT/",
    ],
    ...[
      "http://[::1]:PORT/",
      "http://[::ffff:127.0.0.1]:PORT/",
      "http://[::]:PORT/",
      "http://[64:ff9b::7f00:1]:PORT/",
    ],
    ...[
      "http://localhost:PORT/",
      "http://LOCALHOST.:PORT/",
      "http://private.test:PORT/",
      "http://169.254.169.254/",
    ],
  ])("is not sent to %s", async (url) => {
    let asked = 0
    const count = () => new Response(String(asked++))
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: count })
    const names = { localhost: ["127.0.0.1"], "localhost.": ["::1"], "private.test": ["10.1.2.3"] }

    const fetching = outsideFetch(names).fetch(url.replace("PORT", String(server.port)), { maxBytes })

    await expect(fetching).rejects.toThrow("no public IP address")
    expect(asked).toBe(0)
    await server.stop(true)
  })

  test("is not sent to a name with one private IP among public ones, or with none at all", async () => {
    using site = serveOutside(() => new Response("here"))
    const names = { "mixed.test": [outsideIp, "192.168.1.1"], "none.test": [] }
    const { fetch } = { fetch: (url: string) => outsideFetch(names).fetch(url, { maxBytes }) }

    await expect(fetch(site.at("/", "mixed.test"))).rejects.toThrow("no public IP address")
    await expect(fetch(site.at("/", "none.test"))).rejects.toThrow("no public IP address")
    expect(text((await fetch(site.at())).bytes)).toBe("here")
  })

  test("is checked again for each fetch, so a name that changes its IP gains nothing", async () => {
    let asked = 0
    const count = () => new Response(`private ${asked++}`)
    using site = serveOutside(() => new Response("public"))
    const inside = Bun.serve({ hostname: "127.0.0.1", port: site.port, fetch: count })
    const answers = [[outsideIp], ["127.0.0.1"]]
    const fetcher = outsideFetch({ "rebinding.test": () => answers.shift() ?? ["127.0.0.1"] })

    const first = await fetcher.fetch(site.at("/", "rebinding.test"), { maxBytes })
    const second = fetcher.fetch(site.at("/", "rebinding.test"), { maxBytes })

    expect(text(first.bytes)).toBe("public")
    await expect(second).rejects.toThrow("no public IP address")
    expect(asked).toBe(0)
    await inside.stop(true)
  })

  test("goes to ports 80 and 443 only, by default", async () => {
    const resolve = async () => ["93.184.216.34"]
    const fetching = new PublicFetch({ resolve }).fetch("http://site.test:22/", { maxBytes })
    await expect(fetching).rejects.toThrow("no public IP address")
  })
})

describe("a redirect", () => {
  test("is followed up to three times, and each target is checked", async () => {
    using site = serveOutside(({ url }) => {
      const { pathname } = new URL(url)
      const to: Record<string, string> = {
        "/one": "/two",
        "/two": site.at("/three", "other.test"),
        "/round": "/round",
        "/inside": "http://127.0.0.1/",
        "/metadata": "http://169.254.169.254/latest/",
        "/named": "http://inside.test/",
        "/file": "file:///etc/passwd",
      }
      return to[pathname] ? Response.redirect(to[pathname], 302) : new Response(`at ${url}`)
    })
    const fetcher = outsideFetch({ "inside.test": ["::1"] })
    const outcome = (path: string) =>
      fetcher.fetch(site.at(path), { maxBytes }).then(
        ({ bytes }) => text(bytes),
        (error) => error.message,
      )

    expect(await outcome("/one")).toBe(`at ${site.at("/three", "other.test")}`)
    expect(await outcome("/round")).toBe("Too many redirects")
    for (const path of ["/inside", "/metadata", "/named"]) {
      expect(await outcome(path)).toBe("The host has no public IP address")
    }
    expect(await outcome("/file")).toBe("Not an http or https URL")
    const unfollowed = await fetcher.fetch(site.at("/one"), { maxBytes, maxRedirects: 0 })
    expect(unfollowed.status).toBe(302)
  })
})

describe("the timeout", () => {
  test("covers everything: slow headers and a slow body", async () => {
    using silent = await speakOutside(() => {})
    using drop = await speakOutside((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
      const timer = setInterval(() => socket.write("x"), 20)
      socket.on("close", () => clearInterval(timer))
    })
    const options = { maxBytes, timeoutMs: 300 }

    await expect(outsideFetch().fetch(silent.at(), options)).rejects.toThrow("No response in time")
    await expect(outsideFetch().fetch(drop.at(), options)).rejects.toThrow("No response in time")

    await until("the connections are closed", () => silent.open() + drop.open() === 0)
  })

  test("covers a name that never resolves", async () => {
    const fetcher = new PublicFetch({ resolve: () => new Promise(() => {}) })
    await expect(fetcher.fetch("http://site.test/", { maxBytes, timeoutMs: 50 })).rejects.toThrow(
      "No response in time",
    )
  })
})

describe("TLS", () => {
  const answerOf = async (url: string, isTrusted: boolean) => {
    const folder = mkdtempSync(join(tmpdir(), "covenant-tls-"))
    const trusted = join(folder, "certificate")
    await Bun.write(trusted, certificate)
    // Trusted certificates are read once, when a process starts.
    const program = `
      const { outsideFetch } = await import("${join(import.meta.dir, "../support/outside.ts")}")
      const asked = outsideFetch().fetch("${url}", { maxBytes: 1000 })
      console.log(await asked.then(({ bytes }) => new TextDecoder().decode(bytes), ({ message }) => message))`
    const env = { ...process.env, ...(isTrusted && { NODE_EXTRA_CA_CERTS: trusted }) }
    const child = Bun.spawn([process.execPath, "-e", program], { env, stderr: "inherit" })
    const said = await new Response(child.stdout).text()
    rmSync(folder, { recursive: true })
    return said.trim()
  }

  test("verifies the host name, though the connection is to an IP", async () => {
    const requested: string[] = []
    const server = Bun.serve({
      hostname: outsideIp,
      port: 0,
      tls: { key: certificateKey, cert: certificate },
      fetch({ url }) {
        requested.push(url)
        return new Response("proven")
      },
    })
    const [right, wrong] = [`https://site.test:${server.port}/`, `https://other.test:${server.port}/`]

    expect(await answerOf(right, true)).toBe("proven")
    expect(await answerOf(wrong, true)).toContain("could not be reached")
    expect(await answerOf(right, false)).toContain("could not be reached") // the certificate is not trusted

    expect(requested).toEqual([right])
    await server.stop(true)
  })
})
