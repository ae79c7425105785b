import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { expectData } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { fileOf, upload } from "../../support/pictures.ts"
import { startS3 } from "../../support/s3.ts"
import { acceptJson, png, sendFiles, sendWithFiles } from "../../support/sent-files.ts"
import { createTestServer } from "../../support/server.ts"

// Pictures are made, and unpacked one after another.
setDefaultTimeout(60_000)

type Uploaded = {
  files: { id: string; name: string; type: string; width?: number }[]
  refused: { message: string }[]
}

async function uploaded(answer: Response): Promise<Uploaded> {
  expect(answer.status).toBe(201)
  return (await answer.json()) as Uploaded
}

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

    const answer = await server
      .as("alice")
      .post(elsewhere, { content: "here", files: id }, { headers: acceptJson })

    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining("Attach it again") })
    expect(await server.dump()).toEqual(before)
  })

  test("allows a message without text, also after an edit", async () => {
    using server = await createTestServer()
    await sendWithFiles(server, [fileOf("cat.png", png)], "look")
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
        const init = { method: "POST", body, headers: { ...acceptJson, "content-type": type } }
        const answer = await alice.fetch(`${server.roomPath}/${path}`, init)
        expect([path, body, answer.status]).toEqual([path, body, 400])
      }
    }
    expect(
      (await alice.post(`${server.roomPath}/files`, { files: "x" }, { headers: acceptJson })).status,
    ).toBe(415)
    const {
      files: [odd],
    } = await uploaded(await sendFiles(server, "alice", [fileOf("../..", "text")]))
    expect(odd?.name).toBe("file")
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
  const [id = "", notes = ""] = await sendWithFiles(server, [
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
