import { expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import { fileSweeper } from "../../../src/features/files/sweeper.ts"
import { insertMember } from "../../../src/features/members/store.ts"
import { appear, expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { fileOf, picture } from "../../support/pictures.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type Name, type TestServer } from "../../support/server.ts"

function upload(server: TestServer, name: Name, bytes: Uint8Array | string) {
  const body = new FormData()
  body.set("avatar", fileOf("me.png", bytes))
  return server.as(name).fetch("/account/profile/avatar", { method: "POST", body })
}

async function avatarOf({ cast: { alice, bob } }: TestServer): Promise<string | null> {
  return expectData(await bob.client.query("getProfile", { userId: alice.id })).avatarUrl
}

/** A GIF of some frames of one pixel. */
function animation(frames: number): Uint8Array {
  const frame = [...[0x21, 0xf9, 4, 0, 10, 0, 0, 0], ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]]
  const head = [...new TextEncoder().encode("GIF89a"), 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
  return Uint8Array.from([...head, ...Array.from({ length: frames }, () => frame).flat(), 0x3b])
}

test("a picture is cached for good by its version, until it is replaced or removed", async () => {
  using server = await createTestServer()
  const { alice } = server.cast
  await say(server, alice, "hello")
  expect(await avatarOf(server)).toBeNull()

  expect((await upload(server, "alice", await picture("png", 900, 700))).status).toBe(303)

  const url = (await avatarOf(server)) ?? ""
  expect(url).toMatch(new RegExp(`^/users/${alice.id}/avatar/[\\w-]{12,20}$`))
  for (const [path, side] of [
    [url, 128],
    [`${url}/512`, 512],
  ] as const) {
    const answer = await server.as("bob").get(path)
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"])
    expect(answer.headers.get("cache-control")).toBe("private, max-age=31536000, immutable")
    const size = await new Bun.Image(await answer.arrayBuffer()).metadata()
    expect(size).toMatchObject({ width: side, height: side })
  }
  // It is still, and a guess finds nothing; who is not signed in is asked to.
  expect((await server.as("bob").get(`${url}/animated`)).status).toBe(404)
  expect((await server.as("bob").get(`/users/${alice.id}/avatar/s0000`)).status).toBe(404)
  expect((await server.visitor(null).get(url)).status).not.toBe(200)
  const room = await (await server.as("bob").get(server.roomPath)).text()
  const [shown] = find(room, ".message .avatar img")
  expect(shown?.attributes).toMatchObject({ src: url, loading: "lazy", alt: "" })

  await upload(server, "alice", await picture("webp", 64, 64))
  expect((await server.as("bob").get(url)).status).toBe(404)
  const next = await avatarOf(server)
  expectData(await alice.client.mutate("removeAvatar", null))
  expect([await avatarOf(server), (await server.as("bob").get(next ?? "")).status]).toEqual([null, 404])
  expect(find(await (await server.as("bob").get(server.roomPath)).text(), ".message img")).toEqual([])
  const stored = async () => {
    const keys: string[] = []
    for await (const { key } of server.chat.storage.list("avatars")) keys.push(key)
    return keys
  }
  // Bytes are deleted after the commit.
  await until("nothing of them is left", async () => (await stored()).length === 0)
})

test("an animation has a still picture and a moving one, which only the style sheet shows", async () => {
  using server = await createTestServer()
  await say(server, server.cast.alice, "hello")
  await upload(server, "alice", animation(3))

  const url = (await avatarOf(server)) ?? ""

  expect((await server.as("bob").get(url)).headers.get("content-type")).toBe("image/webp")
  const moving = await server.as("bob").get(`${url}/animated`)
  expect([moving.status, moving.headers.get("content-type")]).toEqual([200, "image/gif"])
  const room = await (await server.as("bob").get(server.roomPath)).text()
  expect(find(room, ".message .avatar img").map(({ attributes }) => attributes.src)).toEqual([
    url,
    `${url}/animated`,
  ])
})

test("a file that is no picture is refused on the same page", async () => {
  using server = await createTestServer()

  const refused = await upload(server, "alice", "no picture")

  expect(refused.status).toBe(400)
  expect(find(await refused.text(), "[role=alert]")[0]?.text).toContain("picture cannot be read")
  expect(await avatarOf(server)).toBeNull()
})

test("unused picture files are deleted, used ones stay", async () => {
  using server = await createTestServer()
  await upload(server, "alice", await picture("png", 64, 64))
  const url = (await avatarOf(server)) ?? ""
  const orphan = `avatars/${crypto.randomUUID()}.128`
  await server.chat.storage.put(orphan, new Uint8Array([1]))

  await server.chat.workers.get(fileSweeper).sweep(new Date(Date.now() + 2 * 3_600_000))

  expect(await server.chat.storage.get(orphan)).toBeUndefined()
  expect((await server.as("bob").get(url)).status).toBe(200)
})

/** What names and pictures of twenty authors may add to a room's page, as it is sent. */
const maxAddedBytes = 2 * 1024

test("names and pictures of 20 authors add at most 2 KB to a room's page", async () => {
  using server = await createTestServer()
  const people = []
  for (let number = 0; number < 20; number++) {
    const person = await appear(server.chat, `person${number}`)
    await server.chat.commits.decide((tx) => insertMember(tx, server.lab.id, person.id))
    people.push(person)
  }
  for (let at = 0; at < 50; at++) {
    const person = people[at % people.length]
    if (person) await say(server, person, `Message ${at}: ${crypto.randomUUID()}, as people talk.`)
  }
  const plain = await bytesOf(server)
  expect(plain.messages).toBe(50) // or it is easy to be small

  for (const [at, { id }] of people.entries()) {
    const random = Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString("base64url")
    const face = { displayName: `Somebody called ${random}`, avatarVersion: `s${random}${at % 10}` }
    await server.chat.commits.decide((tx) => tx.update(users).set(face).where(eq(users.id, id)).run())
  }
  const named = await bytesOf(server)

  expect(named.pictures).toBeGreaterThanOrEqual(50)
  expect(named.bytes - plain.bytes).toBeLessThanOrEqual(maxAddedBytes)
})

/** A room's page as it comes over the wire. */
async function bytesOf(server: TestServer) {
  const headers = { "accept-encoding": "gzip, deflate, br" }
  const wire = await server.as("alice").get(server.roomPath, { headers, decompress: false } as RequestInit)
  const html = await (await server.as("alice").get(server.roomPath)).text()
  return {
    bytes: (await wire.arrayBuffer()).byteLength,
    messages: find(html, "article.message[data-position]").length,
    pictures: find(html, ".message .avatar img").length,
  }
}
