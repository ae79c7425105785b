import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { eq } from "drizzle-orm"
import { files } from "../../../drizzle/schema.ts"
import { fileSweeper } from "../../../src/features/files/sweeper.ts"
import { expectData } from "../../support/chat.ts"
import { the } from "../../support/html.ts"
import { fileOf, upload } from "../../support/pictures.ts"
import { rawHead } from "../../support/raw.ts"
import { acceptJson, keysIn, png, sendFiles, sendWithFiles } from "../../support/sent-files.ts"
import { createTestServer } from "../../support/server.ts"

// Pictures are made, and unpacked one after another.
setDefaultTimeout(60_000)

describe("limits", () => {
  test.each(["files", "messages"])("a form of thousands of parts is not taken apart: %s", async (path) => {
    using server = await createTestServer()
    const part = `--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\na\r\n`
    const send = (parts: number) =>
      server.as("alice").fetch(`${server.roomPath}/${path}`, {
        method: "POST",
        body: `${part.repeat(parts)}--x--\r\n`,
        headers: { ...acceptJson, "content-type": "multipart/form-data; boundary=x" },
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
    await sendWithFiles(server, [fileOf("a.bin", new Uint8Array(2000))])
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

describe("sweeping", () => {
  test("deletes unsent files after a day, and bytes without a row after an hour", async () => {
    using server = await createTestServer()
    const { chat } = server
    const [kept = ""] = await sendWithFiles(server, [fileOf("kept.png", png)])
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
    await sendWithFiles(server, [fileOf("cat.png", png)])
    const { alice } = server.cast

    expectData(await alice.client.mutate("deleteChannel", { channelId: server.general.id }))
    expect(await server.chat.db.select().from(files).all()).toEqual([])
    await server.chat.workers.get(fileSweeper).sweep(new Date(Date.now() + 7_200_000))

    expect(await keysIn(server)).toEqual([])
  })

  test("a discarded file is deleted at once, unless it was sent", async () => {
    using server = await createTestServer()
    const { id } = await upload(server, "alice")
    const discard = () => server.as("alice").post(`/files/${id}/discard`, {}, { headers: acceptJson })

    expect((await server.as("bob").post(`/files/${id}/discard`, {}, { headers: acceptJson })).status).toBe(
      404,
    )
    expect((await discard()).status).toBe(200)
    expect((await discard()).status).toBe(404)
    expect(await keysIn(server)).toEqual([])
  })

  test("a deletion that fails to be stored keeps the bytes", async () => {
    using server = await createTestServer()
    const [id = ""] = await sendWithFiles(server, [fileOf("cat.png", png)])
    const { workers, db } = server.chat
    const sweeper = workers.get(fileSweeper)
    const row = await db.select().from(files).where(eq(files.id, id)).get()

    sweeper.deleteLater([row?.key ?? ""])
    await sweeper.settled()

    expect(await keysIn(server)).toHaveLength(3)
  })
})
