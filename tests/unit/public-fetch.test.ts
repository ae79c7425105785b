import { describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"
import { isPublicAddress } from "../../src/web/public-address.ts"
import { PublicFetch } from "../../src/web/public-fetch.ts"
import { certificate, certificateKey } from "../support/certificate.ts"
import { until } from "../support/listen.ts"
import { outsideAddress, outsideFetch, serveOutside, speakOutside } from "../support/outside.ts"

const maxBytes = 100_000
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe("addresses that are not for everyone", () => {
  test.each([
    ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1"],
    ...["127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1"],
    ...["192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"],
    ...["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
    ...["::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"],
    ...["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::"],
    ...["2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::"],
    ...["3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"],
    ...["2606:4700::1%eth0", "localhost", "", "127.1", "0x7f000001", "2130706433"],
  ])("%s", (address) => expect(isPublicAddress(address)).toBe(false))

  test.each([
    ...[
      "1.1.1.1",
      "8.8.8.8",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
    ],
    ...["128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
    ...["198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111"],
    ...["2003::1", "2a00:1450::1"],
  ])("but %s is", (address) => expect(isPublicAddress(address)).toBe(true))
})

describe("what is asked for", () => {
  test("comes from the address that was looked at, with the name it was asked by", async () => {
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

  test("is refused at once where it is no address of the web", async () => {
    const addresses = [
      "file:///etc/passwd",
      "ftp://site.test/",
      "data:,x",
      "javascript:1",
      "gopher://x",
      "//x",
      "x",
    ]
    for (const address of [...addresses, `http://site.test/${"x".repeat(3000)}`]) {
      await expect(outsideFetch().fetch(address, { maxBytes })).rejects.toThrow("no address of the web")
    }
    const withPassword = outsideFetch().fetch("http://me:secret@site.test/", { maxBytes })
    await expect(withPassword).rejects.toThrow("carries a password")
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
  ])("is not asked of %s", async (address) => {
    let asked = 0
    const count = () => new Response(String(asked++))
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: count })
    const names = { localhost: ["127.0.0.1"], "localhost.": ["::1"], "private.test": ["10.1.2.3"] }

    const fetching = outsideFetch(names).fetch(address.replace("PORT", String(server.port)), { maxBytes })

    await expect(fetching).rejects.toThrow("not at a public address")
    expect(asked).toBe(0)
    await server.stop(true)
  })

  test("is not asked of a name that has one private address among public ones, or none at all", async () => {
    using site = serveOutside(() => new Response("here"))
    const names = { "mixed.test": [outsideAddress, "192.168.1.1"], "none.test": [] }
    const { fetch } = { fetch: (url: string) => outsideFetch(names).fetch(url, { maxBytes }) }

    await expect(fetch(site.at("/", "mixed.test"))).rejects.toThrow("not at a public address")
    await expect(fetch(site.at("/", "none.test"))).rejects.toThrow("not at a public address")
    expect(text((await fetch(site.at())).bytes)).toBe("here")
  })

  test("goes to the address that was looked at, whatever the name says when it is asked again", async () => {
    let asked = 0
    const count = () => new Response(`private ${asked++}`)
    using site = serveOutside(() => new Response("public"))
    const inside = Bun.serve({ hostname: "127.0.0.1", port: site.port, fetch: count })
    const answers = [[outsideAddress], ["127.0.0.1"]]
    const fetcher = outsideFetch({ "rebinding.test": () => answers.shift() ?? ["127.0.0.1"] })

    const first = await fetcher.fetch(site.at("/", "rebinding.test"), { maxBytes })
    const second = fetcher.fetch(site.at("/", "rebinding.test"), { maxBytes })

    expect(text(first.bytes)).toBe("public")
    await expect(second).rejects.toThrow("not at a public address")
    expect(asked).toBe(0)
    await inside.stop(true)
  })

  test("is of the web's own ports alone, by default", async () => {
    const resolve = async () => ["93.184.216.34"]
    const fetching = new PublicFetch({ resolve }).fetch("http://site.test:22/", { maxBytes })
    await expect(fetching).rejects.toThrow("not at a public address")
  })
})

describe("a redirect", () => {
  test("is followed, a few times, and looked at each time", async () => {
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
    expect(await outcome("/round")).toBe("It redirects too often")
    for (const path of ["/inside", "/metadata", "/named"]) {
      expect(await outcome(path)).toBe("It is not at a public address")
    }
    expect(await outcome("/file")).toBe("It is no address of the web")
    const unfollowed = await fetcher.fetch(site.at("/one"), { maxBytes, maxRedirects: 0 })
    expect(unfollowed.status).toBe(302)
  })
})

describe("a body", () => {
  test("that is too long is left, or cut, whatever it says of its length", async () => {
    using liar = await speakOutside((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
      const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`
      const more = () => {
        while (socket.writable && socket.write(chunk));
      }
      socket.on("drain", more)
      more()
    })

    await expect(outsideFetch().fetch(liar.at(), { maxBytes })).rejects.toThrow("too large")
    const cut = await outsideFetch().fetch(liar.at(), { maxBytes, cuts: true })

    expect(cut.bytes).toHaveLength(maxBytes)
    await until("the connections are closed", () => liar.open() === 0)
  })

  test("that is shorter than it says is a failure", async () => {
    using liar = await speakOutside((socket) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort")
    })
    await expect(outsideFetch().fetch(liar.at(), { maxBytes })).rejects.toThrow("could not be reached")
  })

  test("that unpacks to a thousand times its size is left in time", async () => {
    const zeros = Buffer.alloc(200_000_000)
    const packed: Record<string, Uint8Array> = {
      gzip: gzipSync(zeros),
      br: brotliCompressSync(Buffer.alloc(50_000_000)),
    }
    using site = serveOutside(({ url }) => {
      const encoding = new URL(url).pathname.slice(1)
      return new Response(new Uint8Array(packed[encoding] ?? []), {
        headers: { "content-encoding": encoding },
      })
    })
    const limit = 1_000_000
    expect(packed.gzip?.length).toBeLessThan(limit)

    for (const encoding of ["gzip", "br"]) {
      const fetching = outsideFetch().fetch(site.at(`/${encoding}`), { maxBytes: limit })
      await expect(fetching).rejects.toThrow("too large")
      const cut = await outsideFetch().fetch(site.at(`/${encoding}`), { maxBytes: limit, cuts: true })
      expect(cut.bytes).toHaveLength(limit)
    }
  })

  test("is unpacked where it comes packed without being asked to, and refused where that is unheard of", async () => {
    const html = "<title>packed</title>"
    using site = serveOutside(({ url }) => {
      const encoding = new URL(url).pathname.slice(1)
      const bytes = encoding === "gzip" ? gzipSync(html) : encoding === "br" ? brotliCompressSync(html) : html
      return new Response(bytes, { headers: { "content-encoding": encoding } })
    })
    const fetch = (encoding: string) => outsideFetch().fetch(site.at(`/${encoding}`), { maxBytes })

    expect(text((await fetch("gzip")).bytes)).toBe(html)
    expect(text((await fetch("br")).bytes)).toBe(html)
    await expect(fetch("rot13")).rejects.toThrow("packed")
    await expect(fetch("deflate")).rejects.toThrow("could not be reached") // it is not what it says
  })

  test("that nobody wants is not read", async () => {
    using site = await speakOutside((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 9999999999\r\n\r\nx")
    })

    const { bytes, headers } = await outsideFetch().fetch(site.at(), { maxBytes, wants: () => false })

    expect([bytes.length, headers.get("content-type")]).toEqual([0, "video/mp4"])
    await until("the connection is closed", () => site.open() === 0)
  })
})

describe("time", () => {
  test("is one for all: for a head, or a body, that comes too slowly", async () => {
    using silent = await speakOutside(() => {})
    using drop = await speakOutside((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
      const timer = setInterval(() => socket.write("x"), 20)
      socket.on("close", () => clearInterval(timer))
    })
    const options = { maxBytes, totalMs: 300 }

    await expect(outsideFetch().fetch(silent.at(), options)).rejects.toThrow("too long")
    await expect(outsideFetch().fetch(drop.at(), options)).rejects.toThrow("too long")

    await until("the connections are closed", () => silent.open() + drop.open() === 0)
  })

  test("is not spent on a name that nobody resolves", async () => {
    const fetcher = new PublicFetch({ resolve: () => new Promise(() => {}) })
    await expect(fetcher.fetch("http://site.test/", { maxBytes, totalMs: 50 })).rejects.toThrow("too long")
  })
})

describe("garbage", () => {
  test.each(["", "not http at all\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 999999 OK\r\n\r\n"])(
    "%j",
    async (said) => {
      using site = await speakOutside((socket) => void socket.end(said))
      await expect(outsideFetch().fetch(site.at(), { maxBytes })).rejects.toThrow("could not be reached")
    },
  )

  test("a head without an end", async () => {
    using site = await speakOutside((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx: ")
      const more = () => {
        while (socket.writable && socket.write("x".repeat(65_536)));
      }
      socket.on("drain", more)
      more()
    })
    await expect(outsideFetch().fetch(site.at(), { maxBytes })).rejects.toThrow("could not be reached")
  })
})

describe("TLS", () => {
  const answerOf = async (address: string, vouched: boolean) => {
    const folder = mkdtempSync(join(tmpdir(), "covenant-tls-"))
    const trusted = join(folder, "certificate")
    await Bun.write(trusted, certificate)
    // Whom to trust is read once, as a process starts.
    const program = `
      const { outsideFetch } = await import("${join(import.meta.dir, "../support/outside.ts")}")
      const asked = outsideFetch().fetch("${address}", { maxBytes: 1000 })
      console.log(await asked.then(({ bytes }) => new TextDecoder().decode(bytes), ({ message }) => message))`
    const env = { ...process.env, ...(vouched && { NODE_EXTRA_CA_CERTS: trusted }) }
    const child = Bun.spawn([process.execPath, "-e", program], { env, stderr: "inherit" })
    const said = await new Response(child.stdout).text()
    rmSync(folder, { recursive: true })
    return said.trim()
  }

  test("proves the name, though it is an address that is connected to", async () => {
    const asked: string[] = []
    const server = Bun.serve({
      hostname: outsideAddress,
      port: 0,
      tls: { key: certificateKey, cert: certificate },
      fetch({ url }) {
        asked.push(url)
        return new Response("proven")
      },
    })
    const [right, wrong] = [`https://site.test:${server.port}/`, `https://other.test:${server.port}/`]

    expect(await answerOf(right, true)).toBe("proven")
    expect(await answerOf(wrong, true)).toContain("could not be reached")
    expect(await answerOf(right, false)).toContain("could not be reached") // nobody vouches for it

    expect(asked).toEqual([right])
    await server.stop(true)
  })
})
