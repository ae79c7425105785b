import { describe, expect, test } from "bun:test"
import { brotliCompressSync, gzipSync } from "node:zlib"
import { until } from "../support/listen.ts"
import { outsideFetch, serveOutside, speakOutside } from "../support/outside.ts"

const maxBytes = 100_000
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe("a body", () => {
  test("that is too long is abandoned or truncated, despite its Content-Length", async () => {
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
    const truncated = await outsideFetch().fetch(liar.at(), { maxBytes, truncate: true })

    expect(truncated.bytes).toHaveLength(maxBytes)
    await until("the connections are closed", () => liar.open() === 0)
  })

  test("shorter than its Content-Length is a failure", async () => {
    using liar = await speakOutside((socket) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort")
    })
    await expect(outsideFetch().fetch(liar.at(), { maxBytes })).rejects.toThrow("could not be reached")
  })

  test("that decompresses to a thousand times its size is abandoned early", async () => {
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
      const truncated = await outsideFetch().fetch(site.at(`/${encoding}`), {
        maxBytes: limit,
        truncate: true,
      })
      expect(truncated.bytes).toHaveLength(limit)
    }
  })

  test("is decompressed though no compression was asked for, and refused in an unknown encoding", async () => {
    const html = "<title>packed</title>"
    using site = serveOutside(({ url }) => {
      const encoding = new URL(url).pathname.slice(1)
      const bytes = encoding === "gzip" ? gzipSync(html) : encoding === "br" ? brotliCompressSync(html) : html
      return new Response(bytes, { headers: { "content-encoding": encoding } })
    })
    const fetch = (encoding: string) => outsideFetch().fetch(site.at(`/${encoding}`), { maxBytes })

    expect(text((await fetch("gzip")).bytes)).toBe(html)
    expect(text((await fetch("br")).bytes)).toBe(html)
    await expect(fetch("rot13")).rejects.toThrow("Content-Encoding")
    await expect(fetch("deflate")).rejects.toThrow("could not be reached") // the body is not deflate
  })

  test("that is not wanted is not read", async () => {
    using site = await speakOutside((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 9999999999\r\n\r\nx")
    })

    const { bytes, headers } = await outsideFetch().fetch(site.at(), { maxBytes, wantsBody: () => false })

    expect([bytes.length, headers.get("content-type")]).toEqual([0, "video/mp4"])
    await until("the connection is closed", () => site.open() === 0)
  })
})

describe("a malformed response", () => {
  test.each(["", "not http at all\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 999999 OK\r\n\r\n"])(
    "%j",
    async (said) => {
      using site = await speakOutside((socket) => void socket.end(said))
      await expect(outsideFetch().fetch(site.at(), { maxBytes })).rejects.toThrow("could not be reached")
    },
  )

  test("headers without an end", async () => {
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
