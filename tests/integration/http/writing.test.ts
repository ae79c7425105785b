import { describe, expect, test } from "bun:test"
import { maxCompletions } from "../../../src/features/mentions/completions.ts"
import { appear, expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { createTestServer, type TestServer, type Visitor } from "../../support/server.ts"

/** What a half-written name could become, as it would be written. */
async function completions({ roomPath }: TestServer, visitor: Visitor, kind: string, q: string) {
  const answer = await visitor.get(`${roomPath}/complete?${new URLSearchParams({ kind, q })}`)
  expect(answer.status).toBe(200)
  return find(await answer.text(), "[role=option]").map(({ attributes }) => attributes["data-insert"])
}

const fragment = { headers: { "hx-request": "true" } }

describe("half-written names", () => {
  test("become members, by prefix first, and only members", async () => {
    using server = await createTestServer()
    const [alice, bob] = [server.as("alice"), server.as("bob")]
    const { code } = expectData(
      await server.cast.alice.client.mutate("createInvite", { serverId: server.lab.id }),
    )
    for (const name of ["barb", "abba", "bo-jack"]) {
      expectData(await (await appear(server.chat, name)).client.mutate("joinServer", { code }))
    }

    expect(await completions(server, alice, "member", "B")).toEqual([
      "@barb ",
      "@bo-jack ",
      "@bob ",
      "@abba ",
    ])
    expect(await completions(server, alice, "member", "mallo")).toEqual([])
    expect(await completions(server, alice, "member", "%")).toEqual([])
    expect(await completions(server, alice, "member", "every")).toEqual(["@everyone "])
    expect(await completions(server, bob, "member", "every")).toEqual([])
  })

  test("become channels of that server and emoji, a few of each", async () => {
    using server = await createTestServer()
    const { alice } = server.cast
    for (let at = 0; at < 12; at++) {
      expectData(
        await alice.client.mutate("createChannel", { serverId: server.lab.id, name: `<b>eleven ${at}` }),
      )
    }

    expect(await completions(server, server.as("bob"), "channel", "GEN")).toEqual(["#general "])
    expect(await completions(server, server.as("bob"), "channel", "e")).toHaveLength(maxCompletions)
    expect((await completions(server, server.as("bob"), "emoji", "tada"))[0]).toBe("🎉 ")
    expect(await completions(server, server.as("bob"), "emoji", "e")).toHaveLength(maxCompletions)
    const wrong = await server.as("bob").get(`${server.roomPath}/complete?kind=user&q=a`)
    expect(wrong.status).toBe(400)
  })
})

test("hidden text of a message is hidden wherever it is quoted", async () => {
  using server = await createTestServer()
  const { bob } = server.cast
  const id = crypto.randomUUID()
  await server.as("bob").post(`${server.roomPath}/messages`, { id, content: "it ends: ||they wake up||" })
  expectData(await bob.client.mutate("editMessage", { messageId: id, content: "It ends: ||they wake up||" }))

  const panel = async (name: string) => (await server.as("alice").get(`/messages/${id}/${name}`)).text()

  for (const name of ["actions", "delete"]) {
    const [page] = find(await panel(name), "main")
    expect(page?.text).toContain("It ends: ")
    expect(page?.text).not.toContain("wake")
  }
  const history = await panel("history")
  expect(find(history, ".versions .spoiler > span").map(({ text }) => text)).toEqual([
    "they wake up",
    "they wake up",
  ])
})

describe("a preview", () => {
  test("shows a message as it would be shown, and sends nothing", async () => {
    using server = await createTestServer()
    const before = await server.dump()

    const answer = await server
      .as("bob")
      .post(`${server.roomPath}/preview`, { content: "**hi** @alice @mallory :tada: <b>" }, fragment)
    const html = await answer.text()

    expect(the(html, ".previewed .content").text).toBe("hi @alice @mallory 🎉 <b>")
    expect(find(html, ".mention").map(({ text }) => text)).toEqual(["@alice"])
    expect(await server.dump()).toEqual(before)
  })

  test("says what is wrong and keeps the draft", async () => {
    using server = await createTestServer()
    const long = "x".repeat(2001)

    const empty = await server.as("bob").post(`${server.roomPath}/preview`, { content: " " }, fragment)
    const page = await (await server.as("bob").post(`${server.roomPath}/preview`, { content: long })).text()

    expect(the(await empty.text(), ".error").text).toBe("Write something first")
    expect(the(page, ".error").text).toContain("2000")
    expect(the(page, "textarea").text).toBe(`\n${long}`)
  })
})

test("the text box says whether it writes to the channel or to a thread", async () => {
  using server = await createTestServer()
  const { alice } = server.cast
  const page = async (path: string) => (await server.as("alice").get(path)).text()
  const placeholderOf = async (path: string) =>
    the(await page(path), "#composer-content").attributes.placeholder
  const messageId = crypto.randomUUID()
  await server.as("alice").post(`${server.roomPath}/messages`, { id: messageId, content: "Where to eat?" })
  const thread = expectData(await alice.client.mutate("createThread", { messageId }))
  const inThread = `/servers/${server.lab.id}/channels/${thread.id}`

  for (const part of ["", "/composer"]) {
    expect(await placeholderOf(server.roomPath + part)).toBe("Message #general")
    expect(await placeholderOf(inThread + part)).toBe("Message the thread “Where to eat?”")
  }
})

test("a message is scheduled once, also when its form is submitted twice", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const address = `${server.roomPath}/scheduled`
  const page = await (await alice.post(`${address}/new`, { content: "tea?" })).text()
  const formId = the(page, "input[name=formId]").attributes.value ?? ""
  const schedule = async (content: string) =>
    (await alice.post(address, { content, formId, when: "1h" })).status

  expect(await Promise.all([schedule("tea?"), schedule("tea?"), schedule("coffee?")])).toEqual([
    303, 303, 303,
  ])

  const scheduled = expectData(await server.cast.alice.client.query("getScheduledMessages", null))
  expect(scheduled.map(({ content }) => content).sort()).toEqual(["coffee?", "tea?"])
})
