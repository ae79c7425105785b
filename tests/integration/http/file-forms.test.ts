import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { listen } from "../../support/listen.ts"
import { fileOf } from "../../support/pictures.ts"
import { png, sendFiles, sendWithFiles } from "../../support/sent-files.ts"
import { createTestServer } from "../../support/server.ts"

// Pictures are made, and unpacked one after another.
setDefaultTimeout(60_000)

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
    const [first = "", second = ""] = await sendWithFiles(server, [
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
