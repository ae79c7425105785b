import { describe, expect, test } from "bun:test"
import { maxWebhooks } from "../../src/features/webhooks/contract.ts"
import { webhookLimit } from "../../src/features/webhooks/limits.ts"
import { expectData } from "../support/chat.ts"
import { find, the } from "../support/html.ts"
import { listen } from "../support/listen.ts"
import { createTestServer } from "../support/server.ts"
import { changeRows, isStored } from "../support/test-database.ts"
import { createWebhook, json, messagesOf } from "../support/webhooks.ts"

describe("a client with a webhook's URL", () => {
  test("sends a marked message under the webhook's name and gets Discord's response", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)
    const bobs = await listen(server.cast.bob, server.room)

    const silent = await post(address, { content: "it builds" })
    const told = await post(`${address}?wait=true`, { content: "it runs", username: "Runner" })

    expect([silent.status, await silent.text()]).toEqual([204, ""])
    expect(told.status).toBe(200)
    expect(bobs.heard).toMatchObject([
      { content: "it builds", extras: { bot: { name: "Builds" } } },
      { content: "it runs", extras: { bot: { name: "Runner" } } },
    ])
    expect(await told.json()).toMatchObject({
      id: bobs.heard[1]?.id,
      type: 0,
      content: "it runs",
      channel_id: server.general.id,
      webhook_id: address.split("/").at(-2),
      author: { id: address.split("/").at(-2), bot: true, username: "Runner" },
      timestamp: bobs.heard[1]?.createdAt.toISOString(),
    })
    const page = await (await server.as("bob").get(server.roomPath)).text()
    expect(find(page, "#messages .author").map(({ text }) => text)).toEqual(["Buildsbot", "Runnerbot"])
    const members = expectData(await server.cast.bob.client.query("getMembers", { serverId: server.lab.id }))
    expect(members).toHaveLength(2) // it is nobody
  })

  test("sends JSON, forms, and forms with JSON in a field", async () => {
    using server = await createTestServer()
    const { address } = await createWebhook(server)
    const multipart = new FormData()
    multipart.append("payload_json", JSON.stringify({ content: "in a field" }))
    multipart.append("file", new Blob(["a file"]), "a.txt")
    const fields = new FormData()
    fields.append("content", "as a field")
    const bodies = [multipart, fields, new URLSearchParams({ content: "in a form" }), `{"content":"bare"}`]

    for (const body of bodies) expect((await fetch(address, { method: "POST", body })).status).toBe(204)

    const said = ["in a field", "as a field", "in a form", "bare"]
    expect((await messagesOf(server)).map(({ content }) => content)).toEqual(said)
  })

  test("sends nothing to an archived channel", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)
    await changeRows(server.database, `update channels set archived_at = 1 where id = '${server.general.id}'`)

    const refused = await post(address, { content: "too late" })

    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ message: "This channel is archived" })
    expect(await messagesOf(server)).toEqual([])
  })

  test("can use emoji names when sending and editing", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)

    const sent = await post(`${address}?wait=true`, { content: "shipped :tada: `:tada:`" })
    const { id, content } = (await sent.json()) as { id: string; content: string }
    await post(`${address}/messages/${id}`, { content: "broken :fire:" }, "PATCH")

    expect(content).toBe("shipped 🎉 `:tada:`")
    expect((await messagesOf(server)).map((message) => message.content)).toEqual(["broken 🔥"])
  })

  test("can send embeds, whose text is shown", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)
    const embed = {
      title: "Build 7",
      description: "All green",
      url: "https://builds.example/7",
      color: 0xff00ff,
      author: { name: "CI", icon_url: "https://evil.example/x.png" },
      fields: [{ name: "Tests", value: "110", inline: true }],
      footer: { text: "in 3 s" },
      image: { url: "https://evil.example/y.png" },
    }

    const both = await post(address, { content: "Done:", embeds: [embed, { title: "Next" }] })
    const alone = await post(address, { embeds: [{ description: "x".repeat(4000) }] })

    expect([both.status, alone.status]).toEqual([204, 204])
    const [first, second] = await messagesOf(server)
    expect(first?.content).toBe(
      "Done:\n\nCI\n**[Build 7](https://builds.example/7)**\nAll green\n**Tests**: 110\nin 3 s\n\n**Next**",
    )
    expect(second?.content).toMatch(/^x{1999}…$/)
  })

  test("edits and deletes only the webhook's own messages", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)
    const { id } = (await (await post(`${address}?wait=true`, { content: "one" })).json()) as { id: string }
    const other = await createWebhook(server, "Other")
    const alices = await listen(server.cast.alice, server.room)
    await alices.send("by alice")
    const aliceId = alices.heard[0]?.id

    const edited = await post(`${address}/messages/${id}`, { content: "two" }, "PATCH")
    expect([edited.status, await edited.json()]).toMatchObject([200, { id, content: "two" }])
    const read = await fetch(`${address}/messages/${id}`)
    expect(await read.json()).toMatchObject({ content: "two", edited_timestamp: expect.any(String) })
    for (const message of [`${address}/messages/${aliceId}`, `${other.address}/messages/${id}`]) {
      expect((await post(message, { content: "stolen" }, "PATCH")).status).toBe(404)
      expect((await fetch(message, { method: "DELETE" })).status).toBe(404)
    }
    expect((await fetch(`${address}/messages/${id}`, { method: "DELETE" })).status).toBe(204)

    const after = await fetch(`${address}/messages/${id}`)
    expect([after.status, await after.json()]).toEqual([404, { code: 10008, message: "Unknown Message" }])
    expect((await messagesOf(server)).map(({ content }) => content)).toEqual(["", "by alice"])
  })

  test("reads and deletes the webhook", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)

    expect(await (await fetch(address)).json()).toMatchObject({
      ...{ type: 1, name: "Builds", channel_id: server.general.id, guild_id: server.lab.id },
      ...{ id: address.split("/").at(-2), token: address.split("/").at(-1) },
    })
    expect((await post(address, { content: "before" })).status).toBe(204)
    expect((await fetch(address, { method: "DELETE" })).status).toBe(204)

    const gone = await post(address, { content: "after" })
    expect([gone.status, await gone.json()]).toEqual([404, { code: 10015, message: "Unknown Webhook" }])
    const [message] = await messagesOf(server)
    expect(message).toMatchObject({ content: "before", extras: { bot: { name: "Builds" } } })
  })
})

describe("what a webhook refuses", () => {
  const badBodies: [what: string, body: unknown, code: number][] = [
    ["nothing", {}, 50006],
    ["blanks", { content: " \n " }, 50006],
    ["an empty embed", { embeds: [{}] }, 50006],
    ["a list", [], 50035],
    ["too much", { content: "x".repeat(2001) }, 50035],
    ["no text", { content: 7 }, 50035],
    ["too many embeds", { embeds: Array.from({ length: 11 }, () => ({ title: "x" })) }, 50035],
    ["a name that is too long", { content: "x", username: "x".repeat(81) }, 50035],
    ["a name that is nothing", { content: "x", username: "\u202e \u0000" }, 50035],
  ]

  test.each(badBodies)("%s", async (_, body, code) => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)

    const answer = await post(address, body)

    expect([answer.status, await answer.json()]).toMatchObject([400, { code, message: expect.any(String) }])
    expect(await messagesOf(server)).toEqual([])
  })

  test("names the invalid field in Discord's nesting", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)

    const answer = await post(address, { content: "x".repeat(2001), embeds: [{ title: 5 }] })

    const wrong = { _errors: [{ code: expect.any(String), message: expect.any(String) }] }
    expect(await answer.json()).toMatchObject({ errors: { content: wrong, embeds: { 0: { title: wrong } } } })
  })

  test("an unreadable body, and a URL with a wrong part", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)
    const other = await createWebhook(server, "Other")

    const unreadable = await fetch(address, { method: "POST", body: "{", headers: json })
    expect([unreadable.status, await unreadable.json()]).toMatchObject([400, { code: 50109 }])
    const guess = await post(
      address.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
      { content: "x" },
    )
    expect([guess.status, await guess.json()]).toMatchObject([401, { code: 50027 }])
    const anothers = `${address.slice(0, address.lastIndexOf("/"))}/${other.address.split("/").at(-1)}`
    expect((await post(anothers, { content: "x" })).status).toBe(401)
    expect(await messagesOf(server)).toEqual([])
  })

  test("more than five messages in two seconds of one webhook, with a retry time", async () => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "10/10s" })
    Object.assign(server.chat.limits.get(webhookLimit), { now: () => 1_000_000 }) // the two seconds do not pass
    const { address, post } = await createWebhook(server)
    const other = await createWebhook(server, "Other")

    const answers = await Promise.all(Array.from({ length: 7 }, (_, i) => post(address, { content: `${i}` })))

    const refused = answers.filter(({ status }) => status === 429)
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(5)
    expect(refused).toHaveLength(2)
    expect(await refused[0]?.json()).toMatchObject({ retry_after: expect.any(Number), global: false })
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await post(other.address, { content: "not mine" })).status).toBe(204)
  })
})

describe("a webhook's name", () => {
  test("has no invisible characters and always a badge", async () => {
    using server = await createTestServer()
    const { address, post } = await createWebhook(server)

    await post(address, { content: "x", username: `<b id="x">\u202ealice\u0000` })
    await post(address, { content: "y", username: "alice" })

    const page = await (await server.as("bob").get(server.roomPath)).text()
    expect(find(page, "#x")).toEqual([])
    expect(find(page, "#messages .author bdi").map(({ text }) => text)).toEqual([`<b id="x"> alice`, "alice"])
    expect(find(page, "#messages .author .badge")).toHaveLength(2)
    expect(find(page, `#messages [data-author="${server.cast.alice.id}"]`)).toEqual([])
  })
})

describe("the server's owner", () => {
  test("creates, renews and deletes webhooks by plain forms; a URL is shown once and its token stored as a hash", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const forms = `${server.roomPath}/webhooks`
    const made = await alice.post(forms, { name: "Builds" })
    const first = the(await made.text(), "#secret").attributes.value ?? ""
    expect(made.headers.get("cache-control")).toBe("no-store")
    const post = (address: string) =>
      fetch(address, { method: "POST", body: JSON.stringify({ content: "x" }), headers: json })
    expect((await post(first)).status).toBe(204)

    const list = await (await alice.get(forms)).text()
    const [renew, remove] = find(list, "form[action*='/webhooks/']").map(
      ({ attributes }) => attributes.action,
    )
    const renewed = await alice.post(renew ?? "", {})
    const second = the(await renewed.text(), "#secret").attributes.value ?? ""

    expect(list).not.toContain(first.split("/").at(-1))
    for (const address of [first, second]) {
      expect(await isStored(server.database, address.split("/").at(-1) ?? "")).toBe(false)
    }
    expect([(await post(first)).status, (await post(second)).status]).toEqual([401, 204])
    expect((await alice.post(remove ?? "", {})).headers.get("location")).toBe(forms)
    expect((await post(second)).status).toBe(404)
  })

  test("can create a limited number of webhooks in a channel", async () => {
    using server = await createTestServer()
    const { client } = server.cast.alice
    const make = () => client.mutate("createWebhook", { channelId: server.general.id, name: "One more" })

    for (let count = 0; count < maxWebhooks; count++) expectData(await make())

    expect((await make()).error?.code).toBe(400)
  })

  test("cannot reach another server's webhook through their own channel", async () => {
    using server = await createTestServer()
    const { mallory, alice } = server.cast
    const den = expectData(await mallory.client.mutate("createServer", { name: "Den" }))
    const cellar = expectData(
      await mallory.client.mutate("createChannel", { serverId: den.id, name: "cellar" }),
    )
    const { id } = expectData(
      await alice.client.mutate("createWebhook", { channelId: server.general.id, name: "Builds" }),
    )
    const before = await server.dump()

    for (const what of ["renew", "delete"]) {
      const form = `/servers/${den.id}/channels/${cellar.id}/webhooks/${id}/${what}`
      expect((await server.as("mallory").post(form, {})).status).toBe(404)
    }

    expect(await server.dump()).toEqual(before)
  })
})
