import { expect, test } from "bun:test"
import { find } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { noteQueries } from "../../support/queries.ts"
import { giveRole, setOverwrite } from "../../support/rights.ts"
import { assets, createTestServer, type TestServer } from "../../support/server.ts"
import { testOnSqlite } from "../../support/test-database.ts"
import { socket } from "../transports/socket.ts"
import { post } from "../transports/transport.ts"

/** With room for what random ids and times add when compressed: up to a hundred bytes. */
const maxRoomBytes = 47_900

test("a room with fifty messages, its styles and all its scripts are under 47.9 KB as they are sent", async () => {
  using server = await createTestServer()
  await talk(server, 60)

  const page = await download(server, server.roomPath)
  const html = page.text
  expect(find(html, "article.message[data-position]")).toHaveLength(50) // or it is easy to be small

  const linked = find(html, "link[href], script[src]").map(
    ({ attributes }) => attributes.href ?? attributes.src ?? "",
  )
  // The first who asks for a file gets it less compressed.
  for (const path of linked) await download(server, path)
  await assets.settled()
  const files = new Map<string, Awaited<ReturnType<typeof download>>>()
  for (const path of linked) files.set(path, await download(server, path))
  // Modules name others that the page does not.
  for (const [path, { text }] of files) {
    for (const [, name = ""] of text.matchAll(/^import .* from "\.\/([^"]+)"/gm)) {
      const imported = path.replace(/[^/]+$/, name)
      if (!files.has(imported)) files.set(imported, await download(server, imported))
    }
  }
  expect([...files.values()].some(({ text }) => text.includes("window.htmx"))).toBe(true)
  const bytes = [page, ...files.values()].reduce((sum, file) => sum + file.bytes, 0)
  expect(bytes).toBeLessThan(maxRoomBytes)
})

testOnSqlite(
  "a page of a room costs three queries at most, none while nothing changes, more of its history two",
  async () => {
    using queries = noteQueries()
    using server = await createTestServer()
    const told = await hearNews(server)
    await talk(server, 60)
    const alice = server.as("alice")
    await alice.get(server.roomPath)
    await talk(server, 1)
    await until("the news is published", () => told() === 61)
    queries.take()

    const page = await alice.get(server.roomPath)
    const ofPage = queries.take()
    await alice.get(server.roomPath)
    const ofSame = queries.take()
    const older = await alice.get(`${server.roomPath}?before=40`, { headers: { "hx-request": "true" } })
    const ofOlder = queries.take()

    expect([page.status, older.status]).toEqual([200, 200])
    expect(ofPage.length).toBeGreaterThan(0) // or nothing is counted
    expect(ofPage.length).toBeLessThanOrEqual(3)
    expect(ofSame).toEqual([])
    expect(ofOlder.length).toBeLessThanOrEqual(2)
  },
)

testOnSqlite(
  "a message costs four statements by form and three over a socket, however many read it",
  async () => {
    using queries = noteQueries()
    using server = await createTestServer()
    const readers = [
      await socket.open(server, server.as("alice"), server.room),
      await socket.open(server, server.as("bob"), server.room),
      await socket.open(server, server.as("bob"), server.room),
    ]
    const [first] = readers
    const told = await hearNews(server)
    await first?.send("warm")
    await post(server.as("alice"), server.room, "signed in")
    const areShown = (count: number) =>
      until("all have it", () => readers.every(({ view }) => view().length === count))
    await areShown(2)
    await until("the news is published", () => told() === 2)
    queries.take()

    await post(server.as("alice"), server.room, "by form")
    await areShown(3)
    const byForm = queries.take()
    await first?.send("by socket")
    await areShown(4)
    const bySocket = queries.take()
    // As a page without JavaScript sends it, which always has an input for files in it.
    const body = new FormData()
    body.append("content", "by a form that may have files")
    body.append("files", new File([], ""))
    await server.as("alice").fetch(`${server.roomPath}/messages`, { method: "POST", body })
    await areShown(5)
    const byFilesForm = queries.take()

    expect(byForm.filter((sql) => /^insert into "messages"/.test(sql))).toHaveLength(1) // or nothing is counted
    expect(byForm.length).toBeLessThanOrEqual(4)
    expect(bySocket.length).toBeLessThanOrEqual(3)
    expect(byFilesForm.length).toBeLessThanOrEqual(4)
  },
)

testOnSqlite("none of it costs more with fifty roles and a hundred overwrites", async () => {
  using queries = noteQueries()
  using server = await createTestServer()
  const bob = server.as("bob")
  await talk(server, 60)
  const told = await hearNews(server)
  let posted = 60
  async function measure() {
    await post(bob, server.room, "warm")
    await bob.get(server.roomPath)
    await post(server.as("alice"), server.room, "something new")
    posted += 2
    await until("the news is published", () => told() === posted)
    queries.take()
    await post(bob, server.room, "by form")
    posted++
    const sent = queries.take().length
    await (await bob.get(server.roomPath)).text()
    const page = queries.take().length
    await (await bob.get(`${server.roomPath}?before=40`, { headers: { "hx-request": "true" } })).text()
    return { sent, page, history: queries.take().length }
  }
  const plain = await measure()

  const users = Array.from({ length: 50 }, (_, at) => `nobody${at}`)
  const roles = await Promise.all(users.map((_, at) => giveRole(server, at < 10 ? [server.cast.bob.id] : [])))
  for (const [kind, targets] of [
    ["role", roles],
    ["member", users],
  ] as const)
    for (const targetId of targets)
      await setOverwrite(server, {
        channelId: server.general.id,
        targetId,
        kind,
        allow: ["sendMessages"],
        deny: ["addReactions"],
      })

  expect(await measure()).toEqual(plain)
  expect(Object.values(plain).every((count) => count > 0)).toBe(true) // or nothing is counted
})

async function talk(server: TestServer, count: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const visitor = server.as(number % 3 ? "alice" : "bob")
    await post(
      visitor,
      server.room,
      `Message ${number}: ${crypto.randomUUID()}, as people talk, more or less.`,
    )
  }
}

/**
 * Up to which message bob was told the news. It comes up to a second after a message, and the first after a login or a
 * change of rights reads who may view the channel: a statement that no message and no page costs.
 */
async function hearNews({ cast, lab }: TestServer): Promise<() => number> {
  const { client } = cast.bob
  const inLab = { serverId: lab.id }
  const { token } = await client.connect("activity", inLab, {})
  let told = 0
  await client.subscribe("activity", inLab, token ?? "", ({ news }) => {
    told = news.at(-1)?.to ?? told
  })
  return () => told
}

/** What a browser gets, and how many bytes of it come over the wire. */
async function download(server: TestServer, path: string): Promise<{ bytes: number; text: string }> {
  const headers = { "accept-encoding": "gzip, deflate, br, zstd" }
  const { visitors } = server
  const wire = await visitors.get("alice")?.get(path, { headers, decompress: false } as RequestInit)
  const read = await visitors.get("alice")?.get(path, { headers })
  if (wire?.status !== 200 || !read) throw new Error(`${path} cannot be had`)

  return { bytes: (await wire.arrayBuffer()).byteLength, text: await read.text() }
}
