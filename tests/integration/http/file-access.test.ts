import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { files } from "../../../drizzle/schema.ts"
import { expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { animation, fileOf, withDimensions } from "../../support/pictures.ts"
import { keysIn, png, sendFiles, sendWithFiles } from "../../support/sent-files.ts"
import { createTestServer } from "../../support/server.ts"

// Pictures are made, and unpacked one after another.
setDefaultTimeout(60_000)

describe("attacks", () => {
  const script = "<script>alert(document.domain)</script>"
  const plain: [name: string, content: Uint8Array | string, type: string][] = [
    ["a page that calls itself a picture", script, "image/png"],
    [
      "an SVG with a script",
      `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`,
      "image/svg+xml",
    ],
    ["a page", `<!doctype html>${script}`, "text/html"],
    ["a picture that is cut off", png.subarray(0, 60), "image/png"],
    ["what only begins like a GIF", `GIF89a\x01\0\x01\0${script}`, "image/gif"],
    [
      "XML with a style sheet",
      `<?xml version="1.0"?><?xml-stylesheet href="x" type="text/xsl"?>`,
      "application/xml",
    ],
    ["a script", "alert(1)", "text/javascript"],
    ["a PDF", `%PDF-1.7 ${script}`, "application/pdf"],
  ]

  test.each(plain)("%s is downloaded as bytes, whatever type it claims", async (_, content, type) => {
    using server = await createTestServer()
    const [id = ""] = await sendWithFiles(server, [fileOf("x.html", content, type)])

    const answer = await server.as("bob").get(`/files/${id}`, { headers: { accept: "text/html" } })

    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="x.html"; filename*=UTF-8''x.html`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, no-cache",
    })
    expect(await answer.bytes()).toEqual(new Uint8Array(Buffer.from(content as string)))
    expect((await server.as("bob").get(`/files/${id}/preview/400`)).status).toBe(404)
    const room = await (await server.as("bob").get(server.roomPath)).text()
    expect(find(room, ".message img")).toEqual([])
    expect(find(room, ".message a.download")).toHaveLength(1)
  })

  test("a picture with a page behind it loses the page, and its name what it is not", async () => {
    using server = await createTestServer()
    const polyglot = Buffer.concat([png, Buffer.from(script)])
    const [id = "", moving = ""] = await sendWithFiles(server, [
      fileOf("cat.html", polyglot, "text/html"),
      fileOf("blink.html", animation({ frames: 2, hidden: script })),
    ])

    for (const [path, type, name] of [
      [`/files/${id}`, "image/png", "cat.html.png"],
      [`/files/${id}/preview/400`, "image/webp", "cat.html.png.webp"],
      [`/files/${moving}`, "image/gif", "blink.html.gif"],
      [`/files/${moving}/preview/1200`, "image/webp", "blink.html.gif.webp"],
    ] as const) {
      const answer = await server.as("bob").get(path)
      expect(answer.headers.get("content-type")).toBe(type)
      expect(answer.headers.get("content-disposition")).toBe(
        `inline; filename="${name}"; filename*=UTF-8''${name}`,
      )
      expect(answer.headers.get("content-security-policy")).toContain("sandbox")
      expect(Buffer.from(await answer.bytes()).includes("script")).toBe(false)
    }
  })

  test("a picture of 50,000 by 50,000 is refused with a reason", async () => {
    using server = await createTestServer()

    const answer = await sendFiles(server, "alice", [fileOf("huge.png", withDimensions(png, 50_000, 50_000))])

    expect(answer.status).toBe(413)
    expect(await answer.text()).toContain("at most 50 megapixels")
    expect(await keysIn(server)).toEqual([])
  })

  test("names contain no paths and no bidirectional controls", async () => {
    using server = await createTestServer()
    const names = [
      "../../../etc/passwd",
      "photo\u202Egnp.exe",
      "a\u0000b.txt",
      '"; filename=evil.html',
      `${"x".repeat(300)}.txt`,
    ]

    const ids = await sendWithFiles(
      server,
      names.map((name) => fileOf(name, "text")),
    )

    const stored = await server.chat.db.select().from(files).all()
    const nameOf = new Map(stored.map(({ id, name }) => [id, name]))
    expect(ids.map((id) => nameOf.get(id))).toEqual([
      "passwd",
      "photognp.exe",
      "ab.txt",
      "_; filename=evil.html",
      `${"x".repeat(96)}.txt`,
    ])
    for (const id of ids) {
      const { headers } = await server.as("bob").get(`/files/${id}`)
      expect(headers.get("content-disposition")).toMatch(
        /^attachment; filename="[\w.\- ]+"; filename\*=UTF-8''[\w.%-]+$/,
      )
    }
  })
})

describe("who may have a file", () => {
  test("is checked at every download: a removed member's saved URL stops working", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    const [id = ""] = await sendWithFiles(server, [fileOf("cat.png", png)])
    const paths = [
      `/files/${id}`,
      `/files/${id}/preview/400`,
      `/files/${id}/preview/1200`,
      `/files/${id}/view`,
    ]
    const etags = new Map<string, string>()
    for (const path of paths) {
      const answer = await server.as("bob").get(path)
      expect([path, answer.status]).toEqual([path, 200])
      etags.set(path, answer.headers.get("etag") ?? "")
    }

    expectData(await alice.client.mutate("removeMember", { serverId: server.lab.id, userId: bob.id }))

    for (const path of paths) {
      const saved = { "if-none-match": etags.get(path) ?? "", range: "bytes=0-3" }
      for (const headers of [{}, saved]) {
        const answer = await server.as("bob").get(path, { headers })
        expect([path, answer.status]).toEqual([path, 404])
        expect((await answer.bytes()).includes(0x89)).toBe(false)
      }
    }
    expect((await server.as("mallory").get(`/files/${id}`)).status).toBe(404)
    expect((await server.visitor(null).get(`/files/${id}`)).headers.get("location")).toStartWith("/login")
  })

  test("ends with the message: for the author too, and on disk", async () => {
    using server = await createTestServer()
    const [id = "", notes = ""] = await sendWithFiles(server, [
      fileOf("cat.png", png),
      fileOf("notes.txt", "secret"),
    ])
    expect(await keysIn(server)).toHaveLength(4)
    const [message] = expectData(
      await server.cast.alice.client.query("getMessages", { channelId: server.general.id }),
    )

    expectData(await server.cast.alice.client.mutate("deleteMessage", { messageId: message?.id ?? "" }))

    for (const path of [`/files/${id}`, `/files/${id}/preview/400`, `/files/${notes}`, `/files/${id}/view`]) {
      expect((await server.as("alice").get(path)).status).toBe(404)
    }
    await until("its bytes are gone", async () => (await keysIn(server)).length === 0)
  })

  test("cached files get a 304, and ranges the missing part", async () => {
    using server = await createTestServer()
    const [id = ""] = await sendWithFiles(server, [fileOf("notes.txt", "0123456789")])
    const path = `/files/${id}`
    const get = (headers: Record<string, string>) => server.as("bob").get(path, { headers })
    const etag = (await get({})).headers.get("etag") ?? ""

    const known = await get({ "if-none-match": `"other", W/${etag}` })
    expect([known.status, await known.text()]).toEqual([304, ""])

    const ranges: [range: string, status: number, text: string, contentRange: string | null][] = [
      ["bytes=2-4", 206, "234", "bytes 2-4/10"],
      ["bytes=7-", 206, "789", "bytes 7-9/10"],
      ["bytes=-3", 206, "789", "bytes 7-9/10"],
      ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
      ["bytes=8-99", 206, "89", "bytes 8-9/10"],
      ["bytes=10-", 416, "", "bytes */10"],
      ["bytes=-0", 416, "", "bytes */10"],
      ["bytes=5-2", 200, "0123456789", null],
      ["bytes=0-1,4-5", 200, "0123456789", null],
      ["lines=1-2", 200, "0123456789", null],
      ["bytes=99999999999999999999-", 416, "", "bytes */10"],
    ]
    for (const [range, status, text, contentRange] of ranges) {
      const part = await get({ range })
      const told = [range, part.status, await part.text(), part.headers.get("content-range")]
      expect(told).toEqual([range, status, text, contentRange])
    }
    expect((await get({ range: "bytes=2-4", "if-range": '"other"' })).status).toBe(200)
    expect((await get({ range: "bytes=2-4", "if-range": etag })).status).toBe(206)
  })
})
