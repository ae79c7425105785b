import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { giveRole, setOverwrite, setRole, takeRole } from "../../support/rights.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { events } from "../transports/events.ts"
import { lines } from "../transports/lines.ts"
import { socket } from "../transports/socket.ts"
import { stream } from "../transports/stream.ts"
import { post } from "../transports/transport.ts"
import { wire } from "../transports/wire.ts"

// Without the permission to read the history one is as if one had just come: what is said from now on, and nothing before.

setDefaultTimeout(60_000)

const sentence = "You do not have permission to read the history of this channel. New messages appear here."

test("the page says that there is a history, and shows none", async () => {
  using server = await createTestServer()
  await sayAndHide(server)

  const ofBob = await (await server.as("bob").get(server.roomPath)).text()
  const ofAlice = await (await server.as("alice").get(server.roomPath)).text()

  expect(find(ofAlice, "article.message[data-position]")).toHaveLength(1) // or nothing is hidden
  expect(ofAlice).not.toContain(sentence)
  expect(find(ofBob, "article.message[data-position]")).toEqual([])
  expect(ofBob).toContain(sentence)
  expect(ofBob).not.toContain("a word")
})

test("no other page shows it", async () => {
  using server = await createTestServer()
  const { bob } = server.cast
  const channelId = server.general.id
  const messageId = await sayAndHide(server)
  const hidden = { ...server.room, messageId }

  const asked = [
    server.as("bob").get(`${server.roomPath}?before=9`, { headers: { "hx-request": "true" } }),
    server.as("bob").get(server.roomPath, { headers: { accept: "application/json" } }),
    server.as("bob").get(`${server.roomPath}/pins`),
    server.as("bob").get(`${server.roomPath}/threads`),
    server.as("bob").get(`/messages/${messageId}`),
    server.as("bob").get(`/messages/${messageId}/reactions`),
  ]
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 403))
  const refused = [
    bob.client.query("getMessages", { channelId }),
    bob.client.query("getPins", { channelId }),
    bob.client.query("getThreads", { channelId }),
    bob.client.query("getMessageHistory", { messageId }),
    bob.client.mutate("saveMessage", { messageId }),
  ]
  expect((await Promise.all(refused)).map(({ error }) => error?.code)).toEqual(refused.map(() => 403))
  const found = expectData(await bob.client.query("searchMessages", { query: "word" }))
  expect(found.results).toEqual([])
  const reply = await (await server.as("bob").get(`${server.roomPath}?reply=${hidden.messageId}`)).text()
  expect(reply).not.toContain("a word")
})

describe.each([wire, socket, events, stream, lines])("by $name", (transport) => {
  test("an old cursor returns no history, and later messages arrive", async () => {
    using server = await createTestServer()
    await sayAndHide(server)
    const known = await transport.open(server, server.as("bob"), server.room)
    await known.close()
    expect(known.view()).toEqual([])
    await post(server.as("alice"), server.room, "while away")

    const back = await transport.open(server, server.as("bob"), server.room, known.page)
    await post(server.as("alice"), server.room, "and now")
    await until("bob reads it", () => back.view().length > 0)

    expect(back.view().map(({ content }) => content)).toEqual(["and now"])
    await back.close()
  })
})

describe.each([wire, socket, events, stream, lines])("by $name", (transport) => {
  test("the right ends at once, for bob alone, and he reads on", async () => {
    using server = await createTestServer()
    const { bob } = server.cast
    const roleId = await giveRole(server, [bob.id], ["readHistory"])
    await setRole(server, server.lab.id, ["viewChannel", "sendMessages"])
    await post(server.as("alice"), server.room, "before")
    const [alices, bobs] = [
      await transport.open(server, server.as("alice"), server.room),
      await transport.open(server, server.as("bob"), server.room),
    ]
    await until("both are live", async () => bobs.ended() === undefined && alices.ended() === undefined)

    await takeRole(server, bob.id, roleId)

    await until("bob has to come again", () => bobs.ended() !== undefined)
    // 1012 is that of a WebSocket which is to come again.
    expect([503, 1012, "closed"]).toContain(bobs.ended() ?? "live")
    await post(server.as("alice"), server.room, "between")
    const back = await transport.open(server, server.as("bob"), server.room, bobs.page)
    await post(server.as("alice"), server.room, "after")
    await until("bob reads on", () => back.view().some(({ content }) => content === "after"))
    expect(back.page.received).not.toContain("between")
    expect(alices.ended()).toBeUndefined()
    await Promise.all([alices.close(), back.close()])
  })

  test("changes of earlier messages are not delivered, those of later ones are", async () => {
    using server = await createTestServer()
    const { client } = server.cast.alice
    const old = await sayAndHide(server)
    const bobs = await transport.open(server, server.as("bob"), server.room)
    const recent = crypto.randomUUID()
    await post(server.as("alice"), server.room, "since", recent)

    for (const [messageId, content] of [
      [old, "an edited word"],
      [recent, "edited since"],
    ] as const) {
      expectData(await client.mutate("addReaction", { messageId, emoji: "🎉" }))
      expectData(await client.mutate("editMessage", { messageId, content }))
    }
    expectData(await client.mutate("deleteMessage", { messageId: old }))
    await until("bob reads the edit", () => bobs.view().some(({ content }) => content === "edited since"))

    expect(bobs.view().map(({ content }) => content)).toEqual(["edited since"])
    expect(bobs.page.received).not.toContain("an edited word")
    expect(bobs.page.received).not.toContain(old)
    await bobs.close()
  })
})

/** Alice says something; then bob may not read the history any more. Returns the message's id. */
async function sayAndHide(server: TestServer): Promise<string> {
  const id = crypto.randomUUID()
  await post(server.as("alice"), server.room, "a word", id)
  const { general, lab } = server
  await setOverwrite(server, { channelId: general.id, targetId: lab.id, deny: ["readHistory"] })
  return id
}
