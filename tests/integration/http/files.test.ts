import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { eq } from "drizzle-orm"
import { files } from "../../../drizzle/schema.ts"
import { fileSweeper } from "../../../src/features/files/sweeper.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { listen, until } from "../../support/listen.ts"
import { animation, fileOf, picture, upload, withDimensions } from "../../support/pictures.ts"
import { rawHead } from "../../support/raw.ts"
import { startS3 } from "../../support/s3.ts"
import { createTestServer, type Name, type TestServer } from "../../support/server.ts"

// Pictures are made, and unpacked one after another.
setDefaultTimeout(60_000)

const json = { accept: "application/json" }
const png = await picture("png", 60, 40)

type Uploaded = {
  files: { id: string; name: string; type: string; width?: number }[]
  refused: { message: string }[]
}

/** Sends a form with files to the room, as someone. */
async function sendFiles(server: TestServer, name: Name, given: File[], to = "files", headers = json) {
  const body = new FormData()
  for (const file of given) body.append("files", file)
  return server.as(name).fetch(`${server.roomPath}/${to}`, { method: "POST", body, headers })
}

async function uploaded(answer: Response): Promise<Uploaded> {
  expect(answer.status).toBe(201)
  return (await answer.json()) as Uploaded
}

/** A message of alice's with these files; their ids. */
async function sent(server: TestServer, given: File[], content = "look"): Promise<string[]> {
  const ids: string[] = []
  for (const file of given) ids.push((await upload(server, "alice", file)).id)
  const answer = await server
    .as("alice")
    .post(`${server.roomPath}/messages`, { content, files: ids.join(",") })
  expect(answer.status).toBe(303)
  return ids
}

const keysIn = (server: TestServer) => Array.fromAsync(server.chat.storage.list("files"), ({ key }) => key)

describe("an uploaded file", () => {
  test("is visible only to its uploader until it is sent", async () => {
    using server = await createTestServer()
    const {
      files: [cat],
    } = await uploaded(await sendFiles(server, "alice", [fileOf("cat.png", png)]))
    expect(cat).toMatchObject({ name: "cat.png", type: "image/png", width: 60 })
    const path = `/files/${cat?.id}`

    const [own, others] = [await server.as("alice").get(path), await server.as("bob").get(path)]
    expect([own.status, others.status]).toEqual([200, 404])
    const bob = await listen(server.cast.bob, server.room)
    const send = { content: "", files: cat?.id ?? "" }
    expect((await server.as("bob").post(`${server.roomPath}/messages`, send)).status).toBe(400)
    expect((await server.as("alice").post(`${server.roomPath}/messages`, send)).status).toBe(303)

    expect((await server.as("bob").get(path)).status).toBe(200)
    expect(bob.heard).toMatchObject([{ content: "", extras: { attachments: [{ id: cat?.id, width: 60 }] } }])
    // Once: a second message cannot have it.
    expect((await server.as("alice").post(`${server.roomPath}/messages`, send)).status).toBe(400)
    expect(bob.heard).toHaveLength(1)
  })

  test("can be attached to one message of its channel only", async () => {
    using server = await createTestServer()
    const { alice } = server.cast
    const other = expectData(
      await alice.client.mutate("createChannel", { serverId: server.lab.id, name: "other" }),
    )
    const { id } = await upload(server, "alice")
    const elsewhere = `/servers/${server.lab.id}/channels/${other.id}/messages`
    const before = await server.dump()

    const answer = await server.as("alice").post(elsewhere, { content: "here", files: id }, { headers: json })

    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining("Attach it again") })
    expect(await server.dump()).toEqual(before)
  })

  test("allows a message without text, also after an edit", async () => {
    using server = await createTestServer()
    await sent(server, [fileOf("cat.png", png)], "look")
    const { client } = server.cast.alice
    const [withFile] = expectData(await client.query("getMessages", { channelId: server.general.id }))
    await server.as("alice").post(`${server.roomPath}/messages`, { content: "plain" })
    const plain = expectData(await client.query("getMessages", { channelId: server.general.id })).at(-1)

    const emptied = await client.mutate("editMessage", { messageId: withFile?.id ?? "", content: " " })
    const refused = await client.mutate("editMessage", { messageId: plain?.id ?? "", content: " " })

    expect(emptied.data).toMatchObject({ extras: { attachments: [{ name: "cat.png" }] } })
    expect(refused.error).toMatchObject({
      code: 400,
      issues: [{ path: "content", message: "Write something first" }],
    })
  })

  test("is stored even if others of the same form are refused", async () => {
    using server = await createTestServer({ MAX_FILE_SIZE: "2KB" })
    const [good, empty, large] = [
      fileOf("a.txt", "a"),
      fileOf("b.txt", ""),
      fileOf("c.txt", "c".repeat(3000)),
    ]

    const { files: kept, refused } = await uploaded(await sendFiles(server, "alice", [good, empty, large]))

    expect(kept.map(({ name }) => name)).toEqual(["a.txt"])
    expect(refused.map(({ message }) => message)).toEqual([
      "b.txt is empty",
      "c.txt is too large: at most 2 KB can be sent",
    ])
    const alone = await sendFiles(server, "alice", [empty])
    expect([alone.status, await alone.json()]).toEqual([
      400,
      { error: { code: 400, message: "b.txt is empty" } },
    ])
  })

  test("needs a name and a form that are whole, and nothing else breaks", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const type = "multipart/form-data; boundary=x"
    const bodies = [
      "",
      "--x",
      "--x\r\n\r\n",
      `--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n`,
    ]
    for (const path of ["files", "messages"]) {
      for (const body of bodies) {
        const init = { method: "POST", body, headers: { ...json, "content-type": type } }
        const answer = await alice.fetch(`${server.roomPath}/${path}`, init)
        expect([path, body, answer.status]).toEqual([path, body, 400])
      }
    }
    expect((await alice.post(`${server.roomPath}/files`, { files: "x" }, { headers: json })).status).toBe(415)
    const {
      files: [odd],
    } = await uploaded(await sendFiles(server, "alice", [fileOf("../..", "text")]))
    expect(odd?.name).toBe("file")
  })
})

describe("limits", () => {
  test.each(["files", "messages"])("a form of thousands of parts is not taken apart: %s", async (path) => {
    using server = await createTestServer()
    const part = `--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\na\r\n`
    const send = (parts: number) =>
      server.as("alice").fetch(`${server.roomPath}/${path}`, {
        method: "POST",
        body: `${part.repeat(parts)}--x--\r\n`,
        headers: { ...json, "content-type": "multipart/form-data; boundary=x" },
      })

    const answer = await send(1000)

    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain("at most 200 fields and files")
    // Of fewer it is known how many are too many.
    expect(await (await send(20)).text()).toContain("at most 10 files")
  })

  test("at most ten files with a message, however they come", async () => {
    using server = await createTestServer()
    const eleven = Array.from({ length: 11 }, (_, at) => fileOf(`${at}.txt`, "text"))
    const before = await server.dump()

    const together = await sendFiles(server, "alice", eleven, "messages", { accept: "text/html" })
    expect(together.status).toBe(400)
    expect(the(await together.text(), "#composer-error").text).toBe("A message has at most 10 files")
    expect(await server.dump()).toEqual(before)

    const ids = await Promise.all(eleven.map(async (file) => (await upload(server, "alice", file)).id))
    const named = await server
      .as("alice")
      .post(`${server.roomPath}/messages`, { content: "x", files: ids.join(",") })
    expect(named.status).toBe(400)
  })

  test("all files of a user together, freed by deleting the message", async () => {
    using server = await createTestServer({ FILES_PER_PERSON: "3KB" })
    await sent(server, [fileOf("a.bin", new Uint8Array(2000))])
    const more = fileOf("b.bin", new Uint8Array(2000))

    const refused = await sendFiles(server, "alice", [more])
    expect(refused.status).toBe(413)
    expect(await refused.text()).toContain("Your files take 2 KB of 3 KB")
    // Others have their own.
    expect((await sendFiles(server, "bob", [more])).status).toBe(201)

    const [message] = expectData(
      await server.cast.alice.client.query("getMessages", { channelId: server.general.id }),
    )
    expectData(await server.cast.alice.client.mutate("deleteMessage", { messageId: message?.id ?? "" }))
    expect((await sendFiles(server, "alice", [more])).status).toBe(201)
  })

  test("concurrent uploads cannot exceed the quota", async () => {
    using server = await createTestServer({ FILES_PER_PERSON: "5KB" })
    const given = Array.from({ length: 4 }, (_, at) => fileOf(`${at}.bin`, new Uint8Array(2000)))

    const answers = await Promise.all(given.map((file) => sendFiles(server, "alice", [file])))

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 413, 413])
    expect(await keysIn(server)).toHaveLength(2)
  })

  test("uploads in a period", async () => {
    using server = await createTestServer({ RATE_LIMIT_FILES: "2/10m" })
    for (let at = 0; at < 2; at++) await upload(server, "alice")

    const third = await sendFiles(server, "alice", [fileOf("c.txt", "c")])

    expect(third.status).toBe(429)
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await sendFiles(server, "bob", [fileOf("c.txt", "c")])).status).toBe(201)
  })

  test("unsent files of a user", async () => {
    using server = await createTestServer()
    await Promise.all(Array.from({ length: 50 }, () => upload(server, "alice", fileOf("a.txt", "a"))))

    const one = await sendFiles(server, "alice", [fileOf("b.txt", "b")])

    expect([one.status, await one.text()]).toEqual([429, expect.stringContaining("Send or remove the files")])
  })

  test("a form that is too large is refused by its headers, before its body is read", async () => {
    using server = await createTestServer({ MAX_FILE_SIZE: "1MB" })
    const cookie = await server.as("alice").cookie()
    const headers = {
      ...{ cookie, origin: server.origin, "content-length": "14000000" },
      "content-type": "multipart/form-data; boundary=x",
    }

    expect(await rawHead(server, `${server.roomPath}/files`, headers, "POST")).toStartWith("HTTP/1.1 413 ")
    // Nor may other forms be as large as those with files, with any declared type.
    expect(await rawHead(server, "/servers", { ...headers, "content-length": "500000" }, "POST")).toStartWith(
      "HTTP/1.1 413 ",
    )
  })

  test("without permission, or with too many files, an upload is refused before it is read", async () => {
    using server = await createTestServer()
    const large = {
      ...{ origin: server.origin, "content-length": "9000000" },
      "content-type": "multipart/form-data; boundary=x",
    }
    for (const path of ["files", "messages"]) {
      const asked = { ...large, cookie: await server.as("mallory").cookie() }
      expect(await rawHead(server, `${server.roomPath}/${path}`, asked, "POST")).toStartWith("HTTP/1.1 403 ")
    }

    const { uploads } = server.chat
    const leave = Array.from({ length: 4 }, () => uploads.admit(server.cast.alice.id, 100))
    const own = { ...large, cookie: await server.as("alice").cookie() }
    expect(await rawHead(server, `${server.roomPath}/files`, own, "POST")).toStartWith("HTTP/1.1 429 ")
    for (const each of leave) each()
    const whole = uploads.admit(server.cast.alice.id, 50_000_000)
    expect(await rawHead(server, `${server.roomPath}/files`, own, "POST")).toStartWith("HTTP/1.1 429 ")
    whole()

    const busy = Array.from({ length: 3 }, (_, at) => uploads.admit(`someone ${at}`, 50_000_000))
    expect(await rawHead(server, `${server.roomPath}/files`, own, "POST")).toStartWith("HTTP/1.1 503 ")
    for (const each of busy) each()
    expect((await sendFiles(server, "alice", [fileOf("a.txt", "a")])).status).toBe(201)
  })
})

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
    const [id = ""] = await sent(server, [fileOf("x.html", content, type)])

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
    const [id = "", moving = ""] = await sent(server, [
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

    const ids = await sent(
      server,
      names.map((name) => fileOf(name, "text")),
    )

    const known = (await server.chat.db.select().from(files).all()).map(({ name }) => name)
    expect(known).toEqual([
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
    const [id = ""] = await sent(server, [fileOf("cat.png", png)])
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
    const [id = "", notes = ""] = await sent(server, [fileOf("cat.png", png), fileOf("notes.txt", "secret")])
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
    const [id = ""] = await sent(server, [fileOf("notes.txt", "0123456789")])
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

describe("without JavaScript", () => {
  const page = { accept: "text/html" }

  test("a message brings its files with it", async () => {
    using server = await createTestServer()
    const given = [fileOf("cat.png", png), fileOf("notes.txt", "notes")]

    const answer = await sendFiles(server, "alice", given, "messages?from=composer", page)

    expect([answer.status, answer.headers.get("location")]).toEqual([303, `${server.roomPath}/composer`])
    const room = await (await server.as("bob").get(server.roomPath)).text()
    const image = the(room, ".message .picture img")
    expect(image.attributes).toMatchObject({
      width: "60",
      height: "40",
      alt: "Image cat.png",
      loading: "lazy",
    })
    expect(the(room, ".message a.download").attributes.download).toBe("notes.txt")
  })

  test("an empty file input is no file", async () => {
    using server = await createTestServer()
    const body = new FormData()
    body.append("content", "just text")
    body.append("files", fileOf("", ""))

    const answer = await server.as("alice").fetch(`${server.roomPath}/messages`, { method: "POST", body })

    expect(answer.status).toBe(303)
    const [message] = expectData(
      await server.cast.alice.client.query("getMessages", { channelId: server.general.id }),
    )
    expect(message).toMatchObject({ content: "just text", extras: null })
  })

  test("files of a refused message go with the next try", async () => {
    using server = await createTestServer()
    const body = new FormData()
    body.append("content", "x".repeat(2001))
    body.append("files", fileOf("cat.png", png))
    const alice = server.as("alice")
    const refused = await alice.fetch(`${server.roomPath}/messages?from=composer`, { method: "POST", body })
    expect(refused.status).toBe(400)
    const again = await refused.text()
    const kept = the(again, "#tray input").attributes
    expect(kept).toMatchObject({ type: "checkbox", name: "files" })
    expect(Object.keys(kept)).toContain("checked")
    expect(the(again, "#tray bdi").text).toBe("cat.png")

    const shorter = new FormData()
    shorter.append("content", "short")
    shorter.append("files", kept.value ?? "")
    const sentNow = await alice.fetch(`${server.roomPath}/messages`, { method: "POST", body: shorter })

    expect(sentNow.status).toBe(303)
    const [message] = expectData(
      await server.cast.alice.client.query("getMessages", { channelId: server.general.id }),
    )
    expect(message).toMatchObject({ content: "short", extras: { attachments: [{ name: "cat.png" }] } })
  })

  test("a refused file holds the message back, with its text and other files", async () => {
    using server = await createTestServer({ MAX_FILE_SIZE: "2KB" })
    const body = new FormData()
    body.append("content", "see below")
    body.append("files", fileOf("fine.txt", "fine"))
    body.append("files", fileOf("big.txt", "x".repeat(3000)))

    const answer = await server.as("alice").fetch(`${server.roomPath}/messages`, { method: "POST", body })
    const shown = await answer.text()

    expect(answer.status).toBe(413)
    expect(the(shown, "#composer-error").text).toContain("big.txt is too large: at most 2 KB")
    expect(the(shown, "#composer-content").text.trim()).toBe("see below")
    expect(find(shown, "#tray bdi").map(({ text }) => text)).toEqual(["fine.txt"])
    expect(find(shown, ".message[data-position]")).toEqual([])
  })

  test("pictures are looked at one by one, and described by who sent them", async () => {
    using server = await createTestServer()
    const [first = "", second = ""] = await sent(server, [
      fileOf("1.png", png),
      fileOf("2.png", png),
      fileOf("x.txt", "x"),
    ])

    const viewed = await (await server.as("bob").get(`/files/${first}/view`)).text()
    expect(the(viewed, "h1").text).toBe("1.png")
    expect(find(viewed, "[rel=prev]")).toEqual([])
    expect(the(viewed, "[rel=next]").attributes.href).toBe(`/files/${second}/view`)
    expect(viewed).toContain("Image 1 of 2")
    expect(viewed).not.toContain("Describe")

    const heard = await listen(server.cast.bob, server.room)
    const done = await server.as("alice").post(`/files/${second}/alt`, { alt: " a  grey\nbox " })
    expect([done.status, done.headers.get("location")]).toEqual([303, `/files/${second}/view`])
    expect(heard.heard.at(-1)?.extras?.attachments?.[1]).toMatchObject({ id: second, alt: "a grey box" })
    const room = await (await server.as("bob").get(server.roomPath)).text()
    expect(find(room, ".picture img").map(({ attributes }) => attributes.alt)).toEqual([
      "Image 1.png",
      "a grey box",
    ])
    const tooLong = await server.as("alice").post(`/files/${second}/alt`, { alt: "x".repeat(1025) })
    expect(tooLong.status).toBe(400)
    expect(await tooLong.text()).toContain("A description has at most 1024 characters")
  })
})

describe("sweeping", () => {
  test("deletes unsent files after a day, and bytes without a row after an hour", async () => {
    using server = await createTestServer()
    const { chat } = server
    const [kept = ""] = await sent(server, [fileOf("kept.png", png)])
    const unsent = await upload(server, "alice")
    const orphan = `files/${crypto.randomUUID()}`
    for (const key of [orphan, `${orphan}.400`]) await chat.storage.put(key, new Uint8Array(3))
    const hours = (count: number) => new Date(Date.now() + count * 3_600_000)

    await chat.workers.get(fileSweeper).sweep(hours(0))
    expect(await keysIn(server)).toHaveLength(8)
    await chat.workers.get(fileSweeper).sweep(hours(2))
    expect((await keysIn(server)).filter((key) => key.startsWith(orphan))).toEqual([])
    expect((await server.as("alice").get(`/files/${unsent.id}`)).status).toBe(200)

    await chat.workers.get(fileSweeper).sweep(hours(25))

    expect((await server.as("alice").get(`/files/${unsent.id}`)).status).toBe(404)
    expect((await server.as("bob").get(`/files/${kept}`)).status).toBe(200)
    expect(await keysIn(server)).toHaveLength(3)
  })

  test("a channel that is deleted takes its files along", async () => {
    using server = await createTestServer()
    await sent(server, [fileOf("cat.png", png)])
    const { alice } = server.cast

    expectData(await alice.client.mutate("deleteChannel", { channelId: server.general.id }))
    expect(await server.chat.db.select().from(files).all()).toEqual([])
    await server.chat.workers.get(fileSweeper).sweep(new Date(Date.now() + 7_200_000))

    expect(await keysIn(server)).toEqual([])
  })

  test("a discarded file is deleted at once, unless it was sent", async () => {
    using server = await createTestServer()
    const { id } = await upload(server, "alice")
    const discard = () => server.as("alice").post(`/files/${id}/discard`, {}, { headers: json })

    expect((await server.as("bob").post(`/files/${id}/discard`, {}, { headers: json })).status).toBe(404)
    expect((await discard()).status).toBe(200)
    expect((await discard()).status).toBe(404)
    expect(await keysIn(server)).toEqual([])
  })

  test("a deletion that fails to be stored keeps the bytes", async () => {
    using server = await createTestServer()
    const [id = ""] = await sent(server, [fileOf("cat.png", png)])
    const { workers, db } = server.chat
    const sweeper = workers.get(fileSweeper)
    const row = await db.select().from(files).where(eq(files.id, id)).get()

    sweeper.deleteLater([row?.key ?? ""])
    await sweeper.settled()

    expect(await keysIn(server)).toHaveLength(3)
  })
})

test("S3 storage leaves nothing on disk and redirects no reader to it", async () => {
  using s3 = startS3({ bucket: "bucket", accessKeyId: "chat" })
  using server = await createTestServer({
    FILES_URL: "s3://bucket/chat",
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: "chat",
    S3_SECRET_ACCESS_KEY: "a secret that is only used in tests",
  })
  const [id = "", notes = ""] = await sent(server, [
    fileOf("cat.png", png),
    fileOf("notes.txt", "0123456789"),
  ])

  const image = await server.as("bob").get(`/files/${id}/preview/400`)
  expect([image.status, image.headers.get("content-type")]).toEqual([200, "image/webp"])
  expect(await new Bun.Image(await image.bytes()).metadata()).toMatchObject({ width: 60, height: 40 })
  const part = await server.as("bob").get(`/files/${notes}`, { headers: { range: "bytes=3-5" } })
  expect([part.status, await part.text()]).toEqual([206, "345"])
  expect([...s3.objects.keys()].every((key) => key.startsWith("chat/files/"))).toBe(true)
  expect(existsSync(join(server.path, "../files"))).toBe(false)

  const [message] = expectData(
    await server.cast.alice.client.query("getMessages", { channelId: server.general.id }),
  )
  expectData(await server.cast.alice.client.mutate("deleteMessage", { messageId: message?.id ?? "" }))
  await until("the bucket is empty", () => s3.objects.size === 0)
})
