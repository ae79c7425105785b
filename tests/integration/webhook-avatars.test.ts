import { afterAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test"
import { webhookAvatars } from "../../drizzle/schema.ts"
import { previewFetcher } from "../../src/features/previews/previews.ts"
import { expectData } from "../support/chat.ts"
import { find, the } from "../support/html.ts"
import { until } from "../support/listen.ts"
import { outsideFetch, serveOutside } from "../support/outside.ts"
import { picture } from "../support/pictures.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { createWebhook, messagesOf } from "../support/webhooks.ts"

setDefaultTimeout(60_000)

const png = await picture("png", 300, 300)
const asked: string[] = []
const hold = { until: Promise.resolve() }
const site = serveOutside(async ({ url }) => {
  const { pathname } = new URL(url)
  asked.push(pathname)
  await hold.until
  if (pathname === "/lie.png")
    return new Response("<svg onload=alert(1)>", { headers: { "content-type": "image/png" } })
  return pathname.endsWith(".png") ? new Response(png) : new Response("nothing", { status: 404 })
})
afterAll(() => site[Symbol.dispose]())
beforeEach(() => {
  asked.length = 0
  hold.until = Promise.resolve()
})

const open = (environment = {}) =>
  createTestServer(
    { LINK_PREVIEWS: "on", ...environment },
    { fetcher: outsideFetch({ "inside.test": ["127.0.0.1"] }) },
  )

/** Where the picture of the newest message is to be had. */
async function newest(server: TestServer): Promise<string | undefined> {
  return (await messagesOf(server)).at(-1)?.extras?.bot?.avatarUrl
}

test("a webhook's avatar is encoded again and served only to readers of the channel", async () => {
  using server = await open()
  const { address, post } = await createWebhook(server)
  const released = Promise.withResolvers<void>()
  hold.until = released.promise

  // The message does not wait for the picture; a request for the picture does.
  expect((await post(address, { content: "up", avatar_url: site.at("/cat.png") })).status).toBe(204)
  const path = (await newest(server)) ?? ""
  const looked = server.as("bob").get(path)
  await until("it is asked for", () => asked.length === 1)
  released.resolve()
  const answer = await looked

  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"])
  const { width, height, format } = await new Bun.Image(await answer.bytes()).metadata()
  expect({ width, height, format }).toEqual({ width: 96, height: 96, format: "webp" })
  const page = await (await server.as("bob").get(server.roomPath)).text()
  expect(the(page, "#messages .avatar img").attributes).toMatchObject({ src: path, alt: "" })
  expect(page).not.toContain("site.test")
  expect((await server.as("mallory").get(path)).status).toBe(404)

  // The next message has it at once, and nobody is asked again.
  await post(address, { content: "again", avatar_url: site.at("/cat.png") })
  expect(await newest(server)).toBe(path)
  expect((await server.as("bob").get(path)).status).toBe(200)
  expect(asked).toEqual(["/cat.png"])

  // Deleted, it still says who wrote it, and of a channel that is gone nothing is left.
  const [message] = await messagesOf(server)
  expectData(await server.cast.alice.client.mutate("deleteMessage", { messageId: message?.id ?? "" }))
  expect((await messagesOf(server))[0]?.extras?.bot?.avatarUrl).toBe(path)
  expectData(await server.cast.alice.client.mutate("deleteChannel", { channelId: server.general.id }))
  expect((await server.as("bob").get(path)).status).toBe(404)
  await server.chat.workers.get(previewFetcher).sweep(new Date(Date.now() + 7_200_000))
  expect(await server.chat.storage.get(`previews/${path.split("/").at(-1)}`)).toBeUndefined()
})

test("an invalid or private avatar URL shows the bot icon, and the message is sent", async () => {
  using server = await open()
  const { address, post } = await createWebhook(server)
  const inside = `http://inside.test:${site.port}/cat.png`

  for (const url of [site.at("/missing"), site.at("/lie.png"), inside]) {
    expect((await post(address, { content: "x", avatar_url: url })).status).toBe(204)
    const path = (await newest(server)) ?? ""
    for (let tries = 0; tries < 2; tries++) {
      const answer = await server.as("bob").get(path)
      expect([answer.status, answer.headers.get("location")]).toEqual([303, expect.stringMatching("bot.svg")])
    }
    expect((await server.as("mallory").get(path)).status).toBe(404)
  }
  // Each was asked for once: what failed rests.
  expect(asked).toEqual(["/missing", "/lie.png"])

  for (const url of ["", "cat.png", "javascript:alert(1)", "data:image/png;base64,", 7, "x".repeat(3000)]) {
    expect((await post(address, { content: "y", avatar_url: url })).status).toBe(204)
    expect(await newest(server)).toBeUndefined()
  }
})

test("a channel has a limited number of avatars, and none are fetched when previews are off", async () => {
  using server = await open()
  const { address, post } = await createWebhook(server)
  const { commits, db } = server.chat
  const old = { channelId: server.general.id, createdAt: new Date(0) }
  const rows = Array.from({ length: 1000 }, (_, n) => ({
    ...old,
    id: `old-${n}`,
    url: `https://site.test/${n}`,
  }))
  await commits.decide((tx) => tx.insert(webhookAvatars).values(rows).run())

  await post(address, { content: "x", avatar_url: site.at("/cat.png") })
  const kept = await db.select({ id: webhookAvatars.id }).from(webhookAvatars).all()
  expect(kept).toHaveLength(1000)
  expect(kept.some(({ id }) => `/avatars/${id}` === "/avatars/old-0")).toBe(false)

  using quiet = await open({ LINK_PREVIEWS: "off" })
  const silent = await createWebhook(quiet)
  await silent.post(silent.address, { content: "x", avatar_url: site.at("/dog.png") })
  const page = await (await quiet.as("bob").get(quiet.roomPath)).text()
  expect(find(page, "#messages .avatar img")).toEqual([])
  expect(asked).not.toContain("/dog.png")
})
