import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { createChat } from "../../src/chat.ts"
import { openDatabase } from "../../src/db/open.ts"
import { maxOutgoingWebhooks } from "../../src/features/webhooks/contract.ts"
import { createTestChat, expectData, type Person, silent, type TestChat } from "../support/chat.ts"
import { the } from "../support/html.ts"
import { listen, until } from "../support/listen.ts"
import { outsideFetch, serveOutside } from "../support/outside.ts"
import { createTestServer } from "../support/server.ts"
import { changeRows } from "../support/test-database.ts"

setDefaultTimeout(60_000)

const patient = 30_000
const soon = { fetcher: outsideFetch(), waitMs: () => 1 }

describe("an outgoing webhook", () => {
  test("receives new, edited and deleted messages in order, signed", async () => {
    using app = await createTestChat({}, soon)
    using receiver = receive()
    const { bob } = app.cast
    const { send, heard } = await listen(bob, app.room)
    await send("before there was a webhook")
    const secret = await createHook(app, receiver.at("/hook?who=chat"))

    await send("one")
    await until("one is told", () => receiver.told.length === 1, patient)
    const messageId = heard[1]?.id ?? ""
    expectData(await bob.client.mutate("editMessage", { messageId, content: "two" }))
    await until("the edit is told", () => receiver.told.length === 2, patient)
    expectData(await bob.client.mutate("deleteMessage", { messageId }))
    await until("the deletion is told", () => receiver.told.length === 3, patient)

    const events = receiver.told.map(({ body }) => JSON.parse(body))
    const about = { serverId: app.lab.id, channelId: app.general.id }
    expect(events).toMatchObject([
      {
        ...about,
        type: "message.created",
        seq: 2,
        message: { id: messageId, content: "one", username: "bob" },
      },
      { ...about, type: "message.updated", seq: 3, message: { id: messageId, content: "two" } },
      { ...about, type: "message.deleted", seq: 4, message: { id: messageId, content: "" } },
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
    for (const [index, { headers, body, path }] of receiver.told.entries()) {
      expect(path).toBe("/hook?who=chat")
      expect(headers.get("content-type")).toBe("application/json")
      expect(headers.get("x-covenant-event")).toBe(events[index].type)
      expect(headers.get("x-covenant-delivery")).toBe(events[index].id)
      const [, t, v1] = headers.get("x-covenant-signature")?.match(/^t=(\d+),v1=([\da-f]{64})$/) ?? []
      expect(await hmac(secret, `${t}.${body}`)).toBe(v1 ?? "")
      expect(Math.abs(Number(t) - Date.now() / 1000)).toBeLessThan(120)
    }
  })

  test("receives everything in order after an outage", async () => {
    using app = await createTestChat({}, soon)
    let failing = 3
    using receiver = receive(() => new Response(null, { status: failing-- > 0 ? 500 : 204 }))
    await createHook(app, receiver.at())
    const { send } = await listen(app.cast.bob, app.room)

    for (let count = 1; count <= 30; count++) await send(`message ${count}`)
    await until("all are told", () => contents(receiver).includes("message 30"), patient)

    expect(contents(receiver).slice(0, 3)).toEqual(["message 1", "message 1", "message 1"])
    expect(contents(receiver).slice(3)).toEqual(Array.from({ length: 30 }, (_, i) => `message ${i + 1}`))
    const ids = receiver.told.map(({ headers }) => headers.get("x-covenant-delivery"))
    expect(new Set(ids.slice(0, 4)).size).toBe(1) // the same change, again
    await until("it works", async () => (await statusOf(app)).lastStatus === "204", patient)
    expect(await statusOf(app)).toMatchObject({ failures: 0, nextTryAt: null, disabledAt: null })
  })

  test("misses nothing when the server restarts", async () => {
    using app = await createTestChat({}, { fetcher: outsideFetch(), waitMs: () => 3_600_000 })
    let isUp = false
    using receiver = receive(() => new Response(null, { status: isUp ? 200 : 503 }))
    await createHook(app, receiver.at())
    const { send } = await listen(app.cast.bob, app.room)
    await send("one")
    await until("the failure is stored", async () => (await statusOf(app)).failures === 1, patient)
    await send("two")
    app.chat.close()
    const missed = Array.from({ length: 45 }, (_, index) => `missed ${index + 1}`)
    for (const content of missed) await send(content)
    isUp = true
    await changeRows(app.database, "update outgoing_webhooks set next_try_at = 1")

    const database = await openDatabase(app.chat.config.database)
    const again = createChat({ config: app.chat.config, database, log: silent, outside: soon })
    again.start()

    await until("all are told", () => contents(receiver).includes("missed 45"), patient)
    expect(contents(receiver)).toEqual(["one", "one", "two", ...missed])
    again.close()
    await database.close()
  })

  test("is disabled after too many failures, and can be retried", async () => {
    using app = await createTestChat({}, soon)
    let status = 500
    using receiver = receive(() => new Response(null, { status }))
    await createHook(app, receiver.at())
    const { send } = await listen(app.cast.bob, app.room)

    await send("one")
    await until("it is given up", async () => (await statusOf(app)).disabledAt !== null, patient)
    const tries = receiver.told.length
    expect(await statusOf(app)).toMatchObject({ lastStatus: "500", failures: tries, nextTryAt: null })
    expect(tries).toBeGreaterThan(20)
    await send("two")
    expect(receiver.told).toHaveLength(tries)

    status = 200
    const { id } = await statusOf(app)
    expectData(await app.cast.alice.client.mutate("retryOutgoingWebhook", { webhookId: id }))
    await until("the rest is told", () => contents(receiver).includes("two"), patient)
    expect(contents(receiver).slice(tries)).toEqual(["one", "two"])
  })

  test("is disabled by a 410, and does not follow redirects", async () => {
    using app = await createTestChat({}, soon)
    using receiver = receive((path) =>
      path === "/gone" ? new Response(null, { status: 410 }) : Response.redirect("/elsewhere", 302),
    )
    const { send } = await listen(app.cast.bob, app.room)
    await createHook(app, receiver.at("/gone"))
    await send("one")
    await until("it is given up", async () => (await statusOf(app)).disabledAt !== null, patient)
    expect(receiver.told).toHaveLength(1)

    await createHook(app, receiver.at("/moved"))
    await send("two")
    await until("it has failed", async () => (await statusOf(app, 1)).lastStatus === "302", patient)
    expect(receiver.told.some(({ path }) => path === "/elsewhere")).toBe(false)
  })

  test("never reaches private addresses", async () => {
    using app = await createTestChat(
      {},
      { fetcher: outsideFetch({ "inside.test": ["127.0.0.1"] }), waitMs: () => 1 },
    )
    let asked = 0
    const inside = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => new Response(String(asked++)),
    })
    await createHook(app, `http://127.0.0.1:${inside.port}/`)
    await createHook(app, `http://inside.test:${inside.port}/`)
    await (await listen(app.cast.bob, app.room)).send("secret")

    for (const index of [0, 1]) {
      const said = async () => (await statusOf(app, index)).lastStatus === "The host has no public IP address"
      await until("it says why", said, patient)
    }
    expect(asked).toBe(0)
    await inside.stop(true)
  })

  test("that does not respond delays neither messages nor other webhooks", async () => {
    using app = await createTestChat({}, soon)
    const hanging: (() => void)[] = []
    using silent = receive(() => new Promise((resolve) => hanging.push(() => resolve(new Response("late")))))
    using receiver = receive()
    await createHook(app, silent.at())
    await createHook(app, receiver.at())
    const { send, heard } = await listen(app.cast.bob, app.room)

    for (const content of ["one", "two", "three"]) await send(content)

    expect(heard).toHaveLength(3)
    await until("the other is told", () => receiver.told.length === 3, patient)
    expect(silent.told).toHaveLength(1) // one at a time
    for (const answer of hanging) answer()
  })
})

describe("the server's owner", () => {
  test("creates, sees and deletes outgoing webhooks by plain forms, with their state", async () => {
    using receiver = receive(() => new Response(null, { status: 500 }))
    using server = await createTestServer({}, { fetcher: outsideFetch(), waitMs: () => 3_600_000 })
    const alice = server.as("alice")
    const forms = `${server.roomPath}/outgoing-webhooks`

    const wrong = await alice.post(forms, { url: "javascript:alert(1)" })
    expect(the(await wrong.text(), "#url").attributes).toMatchObject({ value: "javascript:alert(1)" })
    const made = await (await alice.post(forms, { url: receiver.at() })).text()
    expect(the(made, "#secret").attributes.value).toMatch(/^covenant_whsec_[\w-]{43}$/)
    expect(the(made, ".entries small").text).toBe("Nothing sent yet")
    await (await listen(server.cast.bob, server.room)).send("one")
    await until("it failed", async () => (await statusOf(server)).failures === 1, patient)

    const page = await (await alice.get(forms)).text()
    expect(page).not.toContain("covenant_whsec_")
    expect(the(page, ".failing").text).toContain("Failed 1 time: HTTP 500.")
    const retry = the(page, 'form[action$="/retry"]').attributes.action ?? ""
    expect((await alice.post(retry, {})).headers.get("location")).toBe(forms)
    await until("it is tried again", () => receiver.told.length === 2, patient)
    const remove = the(page, 'form[action$="/delete"]').attributes.action ?? ""
    expect((await alice.post(remove, {})).headers.get("location")).toBe(forms)
    expect(await (await alice.get(forms)).text()).not.toContain(receiver.at())
  })

  test("can create a limited number in a channel, with URLs without a password", async () => {
    using app = await createTestChat()
    const { client } = app.cast.alice
    const make = (url: string) => client.mutate("createOutgoingWebhook", { channelId: app.general.id, url })
    for (const url of ["https://me:secret@hook.example/", "hook.example", "file:///etc/passwd", "https://"]) {
      expect((await make(url)).error?.code).toBe(400)
    }

    for (let count = 0; count < maxOutgoingWebhooks; count++) expectData(await make("https://hook.example/"))

    expect((await make("https://hook.example/")).error?.code).toBe(400)
  })
})

/** A program that receives webhooks. */
function receive(
  answer: (path: string) => Response | Promise<Response> = () => new Response(null, { status: 204 }),
) {
  const told: { path: string; headers: Headers; body: string }[] = []
  const server = serveOutside(async (request) => {
    const { pathname, search } = new URL(request.url)
    told.push({ path: pathname + search, headers: new Headers(request.headers), body: await request.text() })
    return answer(pathname)
  })
  return { ...server, told }
}

function contents({ told }: ReturnType<typeof receive>): string[] {
  return told.map(({ body }) => JSON.parse(body).message.content)
}

async function createHook({ cast, general }: TestChat, url: string): Promise<string> {
  const made = await cast.alice.client.mutate("createOutgoingWebhook", { channelId: general.id, url })
  return expectData(made).secret
}

async function statusOf({ cast, general }: { cast: { alice: Person }; general: { id: string } }, index = 0) {
  const hooks = expectData(await cast.alice.client.query("getOutgoingWebhooks", { channelId: general.id }))
  const hook = hooks[index]
  if (!hook) throw new Error("There is no such webhook")
  return hook
}

/** As its receiver would, with what any runtime has. */
async function hmac(secret: string, text: string): Promise<string> {
  const encoded = new TextEncoder()
  const algorithm = { name: "HMAC", hash: "SHA-256" }
  const key = await crypto.subtle.importKey("raw", encoded.encode(secret), algorithm, false, ["sign"])
  return Buffer.from(await crypto.subtle.sign("HMAC", key, encoded.encode(text))).toString("hex")
}
