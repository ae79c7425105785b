import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { ChangeSet } from "../../src/features/change-set.ts"
import { maxReplay, pageSize } from "../../src/features/messages/contract.ts"
import { listAfter, updateContent } from "../../src/features/messages/store.ts"
import { closeCodes } from "../../src/kernel/close-codes.ts"
import { expectData } from "../support/chat.ts"
import { the } from "../support/html.ts"
import { until } from "../support/listen.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { storeUnannounced } from "../support/unannounced.ts"
import { transports } from "./transports/all.ts"
import { direct } from "./transports/direct.ts"
import { type Seen, seenFrom, shapeOf } from "./transports/page.ts"
import { published } from "./transports/published.ts"
import { socket } from "./transports/socket.ts"
import { stream } from "./transports/stream.ts"
import { type Reader, signOutOfBrowser } from "./transports/transport.ts"

// Hundreds of messages, on two nodes too.
setDefaultTimeout(60_000)

/** How bob loses his right to be in the room, and the status that says so. */
type Loss = [
  how: string,
  lose: (server: TestServer, by: (typeof transports)[number]) => Promise<unknown>,
  code: number,
]

const losses: Loss[] = [
  [
    "being removed",
    async ({ cast: { alice, bob }, lab }) =>
      expectData(await alice.client.mutate("removeMember", { serverId: lab.id, userId: bob.id })),
    403,
  ],
  [
    "leaving",
    async ({ cast: { bob }, lab }) =>
      expectData(await bob.client.mutate("leaveServer", { serverId: lab.id })),
    403,
  ],
  ["signing out", (server, by) => by.signOut(server.as("bob")), 401],
  [
    "the channel's deletion",
    async ({ cast: { alice }, general }) =>
      expectData(await alice.client.mutate("deleteChannel", { channelId: general.id })),
    404,
  ],
  [
    "the server's deletion",
    async ({ cast: { alice }, lab }) =>
      expectData(await alice.client.mutate("deleteServer", { serverId: lab.id })),
    404,
  ],
]

/** What people send to break out of being text. */
const hostile = [
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  '"><b hx-get="/logout" hx-trigger="load">x</b>',
  '<hx-partial hx-target="#messages" hx-swap="innerHTML">gone</hx-partial>',
  '<hx-upsert hx-target="body">x</hx-upsert>',
  '<?end></div></article><p id="composer">x</p>',
  '<?start name="message-1"><?end>',
  "</template></textarea></title></noscript>",
  'data-seq="999" data-position="999"',
  "<!-- <![CDATA[ ]]> -->",
  "one\n\ntwo\n data: three\nid: 999\n",
  "one\rtwo\r\nthree\r\r",
  "\u202egnp.exe \u2066\u2069 عربى",
  "👩‍👩‍👧‍👦 z\u0335\u0321a\u0338\u0322",
  "nul \0 nul",
  "lone \ud800 surrogate \udc00",
  "&lt;b&gt; &amp;amp; &#60;",
  "javascript:alert(1) data:text/html,x //evil.example",
]

for (const transport of transports) {
  const { open } = transport

  describe(`by ${transport.name}`, () => {
    test("a message reaches its author and everyone else, once and in order", async () => {
      using server = await createTestServer()
      const alice = await open(server, server.as("alice"), server.room)
      const bob = await open(server, server.as("bob"), server.room)

      expect(await alice.send("hello")).toBe(200)
      expect(await bob.send("hello to you")).toBe(200)
      expect(await alice.send("how are you?")).toBe(200)

      for (const reader of [alice, bob]) {
        await shows(reader, ["hello", "hello to you", "how are you?"])
        expect(reader.view().map(({ position }) => position)).toEqual([1, 2, 3])
        expect(reader.page.handed).toHaveLength(3)
      }
      const { alice: author, bob: answerer } = server.cast
      expect(bob.view().map((message) => message.author)).toEqual([author.id, answerer.id, author.id])
    })

    test("two people who send at once are read in one order by all, none missing and none double", async () => {
      using server = await createTestServer()
      const [alice, bob, second] = [
        await open(server, server.as("alice"), server.room),
        await open(server, server.as("bob"), server.room),
        await open(server, server.as("bob"), server.room),
      ]

      // The published client waits for a tenth of a second after each.
      const count = transport === published ? 15 : 100
      await Promise.all([sendMany(alice, "alice", count), sendMany(bob, "bob", count)])

      const stored = await storedIn(server)
      expect(stored).toHaveLength(2 * count)
      const isMixed = stored.slice(0, count).some(({ author }) => author === server.cast.bob.id)
      expect(isMixed).toBe(true) // or they did not send at once
      for (const reader of [alice, bob, second]) {
        await until("all of them are there", () => reader.view().length >= stored.length)
        expect(reader.view()).toEqual(stored)
        expect(reader.page.handed).toHaveLength(stored.length)
      }
      const byAlice = stored.filter(({ author }) => author === server.cast.alice.id)
      expect(byAlice.map(({ content }) => content)).toEqual(numbered("alice", count))
    })

    test("an edit replaces the message in its place", async () => {
      using server = await createTestServer()
      const { client } = server.cast.alice
      const bob = await open(server, server.as("bob"), server.room)
      const [first] = await say(server, "teh first", "the second")
      await shows(bob, ["teh first", "the second"])

      expectData(await client.mutate("editMessage", { messageId: id(first), content: "the first" }))

      await shows(bob, ["the first", "the second"])
      expect(bob.view()).toEqual(await storedIn(server))
      expect(bob.view()[0]).toMatchObject({ edited: true, position: 1, seq: 3 })
      expect(bob.page.handed).toHaveLength(3)
    })

    test("a deleted message leaves a place that holds nothing of it, also for who comes later", async () => {
      using server = await createTestServer()
      const { client } = server.cast.alice
      const bob = await open(server, server.as("bob"), server.room)
      const [first] = await say(server, "the password is hunter2", "oops")
      await shows(bob, ["the password is hunter2", "oops"])
      const before = bob.page.received.length

      expectData(await client.mutate("deleteMessage", { messageId: id(first) }))

      await until("it is gone", () => bob.view()[0]?.deleted ?? false)
      expect(bob.view()).toMatchObject([{ id: id(first), content: "" }, { content: "oops" }])
      const late = await open(server, server.as("bob"), server.room)
      await until("the late reader has both", () => late.view().length === 2)
      expect(late.view()).toEqual(bob.view())
      expect(bob.page.received.slice(before)).not.toContain("hunter2")
      expect(late.page.received).not.toContain("hunter2")
    })

    test("an id is stored once, and cannot be reused by another author", async () => {
      using server = await createTestServer()
      const alice = await open(server, server.as("alice"), server.room)
      const bob = await open(server, server.as("bob"), server.room)
      const messageId = crypto.randomUUID()

      const sent = await Promise.all([alice.send("once", messageId), alice.send("once", messageId)])
      const again = await alice.send("once, said differently", messageId)
      const stolen = await bob.send("mine now", messageId)

      expect([...sent, again]).toEqual([200, 200, 200])
      expect(stolen).toBe(409)
      await say(server, "the end")
      for (const reader of [alice, bob]) {
        await shows(reader, ["once", "the end"])
        expect(reader.page.handed).toHaveLength(2)
      }
    })

    test("who comes back gets exactly what changed meanwhile, then what comes", async () => {
      using server = await createTestServer()
      const { client } = server.cast.alice
      const before = await open(server, server.as("bob"), server.room)
      const [edited, deleted] = await say(server, "to be edited", "to be deleted", "to stay")
      await shows(before, ["to be edited", "to be deleted", "to stay"])
      const handed = before.page.handed.length

      await before.close()
      expectData(await client.mutate("editMessage", { messageId: id(edited), content: "edited" }))
      await say(server, "new")
      expectData(await client.mutate("deleteMessage", { messageId: id(deleted) }))
      const back = await open(server, server.as("bob"), server.room, before.page)

      await shows(back, ["edited", "", "to stay", "new"])
      expect(back.view()).toEqual(await storedIn(server))
      const missed = back.page.handed.slice(handed).map(({ seq }) => seq)
      expect(missed.toSorted((a, b) => a - b)).toEqual([4, 5, 6])
      await say(server, "live again")
      await shows(back, ["edited", "", "to stay", "new", "live again"])
      expect(back.page.handed).toHaveLength(handed + 4)
    })

    test("who was away while nothing happened is handed nothing", async () => {
      using server = await createTestServer()
      const before = await open(server, server.as("bob"), server.room)
      await say(server, "known")
      await shows(before, ["known"])
      await before.close()
      const handed = before.page.handed.length
      const received = before.page.received.length

      const back = await open(server, server.as("bob"), server.room, before.page)

      await say(server, "next")
      await shows(back, ["known", "next"])
      expect(back.page.handed).toHaveLength(handed + 1)
      // Nothing that it knows travels again, unless it has no other way.
      expect(back.page.received.slice(received).includes("known")).toBe(!transport.resumes)
    })

    test("a client that joins while others send gets every message once", async () => {
      using server = await createTestServer()
      const [alice, bob] = [
        await open(server, server.as("alice"), server.room),
        await open(server, server.as("bob"), server.room),
      ]
      const joiners: Reader[] = []
      const sizes: number[] = []

      const join = async () => {
        for (let count = 0; count < 8; count++) {
          const size = (await storedIn(server)).length
          await until("more was sent", async () => (await storedIn(server)).length > size)
          sizes.push((await storedIn(server)).length)
          joiners.push(await open(server, server.as("bob"), server.room))
        }
        const size = (await storedIn(server)).length
        await until("more was sent", async () => (await storedIn(server)).length > size)
      }
      let isOver = false
      const send = async (reader: Reader, name: string) => {
        for (let count = 0; !isOver; count++) expect(await reader.send(`${name} ${count}`)).toBe(200)
      }
      const sending = Promise.all([send(alice, "alice"), send(bob, "bob")])
      await join().finally(() => {
        isOver = true
      })
      await sending

      const stored = await storedIn(server)
      expect(sizes[0]).toBeGreaterThan(0)
      expect(stored.length).toBeGreaterThan(sizes.at(-1) ?? 0) // or the last of them joined after the end
      for (const reader of [alice, bob, ...joiners]) {
        await until("the last is there", () => reader.view().at(-1)?.id === stored.at(-1)?.id)
        expect(reader.view()).toEqual(stored.slice(-reader.view().length))
        expect(new Set(reader.page.handed.map(({ seq }) => seq)).size).toBe(reader.page.handed.length)
        expect(reader.view().length).toBeGreaterThanOrEqual(Math.min(stored.length, pageSize))
      }
    })

    test("as much as one replay holds is replayed", async () => {
      using server = await createTestServer()
      const before = await open(server, server.as("bob"), server.room)
      await say(server, "known")
      await shows(before, ["known"])
      await before.close()
      const handed = before.page.handed.length
      await storeUnannounced(server, maxReplay)

      const back = await open(server, server.as("bob"), server.room, before.page)

      await until("all of it is there", () => back.view().length > maxReplay)
      expect(back.view()).toEqual(await storedIn(server))
      expect(back.page.handed).toHaveLength(handed + maxReplay)
    })

    test("who missed more than that gets the newest afresh, and no silent hole", async () => {
      using server = await createTestServer()
      const before = await open(server, server.as("bob"), server.room)
      await say(server, "known")
      await shows(before, ["known"])
      await before.close()
      await storeUnannounced(server, maxReplay + 1)

      const back = await open(server, server.as("bob"), server.room, before.page)

      const newest = async () => (await storedIn(server)).slice(-pageSize)
      await until("the newest is there", () => back.view().at(-1)?.seq === maxReplay + 2)
      expect(back.view().slice(-pageSize)).toEqual(await newest())
      // A page says what it leaves out and leads to it; only one that can but grow keeps what was before.
      if (transport.isMarkup) {
        expect(the(back.page.received, "#missed").attributes.href).toBe(`${server.roomPath}?after=1`)
      }
      if (transport !== stream) {
        expect(back.view()).toEqual((await storedIn(server)).slice(-back.view().length))
      }
      await say(server, "live again")
      await until("the next is there", () => back.view().at(-1)?.content === "live again")
      expect(back.view().slice(-pageSize)).toEqual(await newest())
    })

    // Others are told nothing of a gap.
    if (transport.resumes) {
      test("a reader who misses more than that while it is live is shown the newest once", async () => {
        using server = await createTestServer()
        await storeUnannounced(server, maxReplay + 1)
        const reader = await open(server, server.as("bob"), server.room)
        await editAll(server)
        const [last] = await say(server, "live again")

        await until("the last is there", () => reader.view().at(-1)?.id === last?.id)
        const newest = (await storedIn(server)).slice(-pageSize)
        await until("the newest is there", () => Bun.deepEquals(reader.view().slice(-pageSize), newest))
        expect(new Set(reader.view().map(({ id }) => id)).size).toBe(reader.view().length)
      })
    }

    test("messages of other channels are not delivered", async () => {
      using server = await createTestServer()
      const { alice, bob } = server.cast
      const other = expectData(
        await alice.client.mutate("createChannel", { serverId: server.lab.id, name: "other" }),
      )
      const den = expectData(await alice.client.mutate("createServer", { name: "Den" }))
      const far = expectData(
        await alice.client.mutate("createChannel", { serverId: den.id, name: "general" }),
      )
      const inOther = { serverId: server.lab.id, channelId: other.id }
      const inFar = { serverId: den.id, channelId: far.id }
      const there = await open(server, server.as("bob"), inOther)
      const here = await open(server, server.as("bob"), server.room)
      const away = await open(server, server.as("bob"), server.room)
      await away.close()

      const speaker = await direct.open(server, server.as("alice"), inOther)
      await speaker.send("said in other")
      await (await direct.open(server, server.as("alice"), inFar)).send("said in far")
      await say(server, "said here")

      await shows(here, ["said here"])
      await shows(there, ["said in other"])
      expect(here.page.received).not.toMatch(/said in (other|far)/)
      expect(there.page.received).not.toMatch(/said (here|in far)/)
      // The same for what is not told but read: by who comes back, and by who comes new.
      for (const page of [away.page, undefined]) {
        const late = await open(server, server.as("bob"), server.room, page)
        await shows(late, ["said here"])
        expect(late.page.received).not.toMatch(/said in (other|far)/)
      }
      expect(bob.faults).toEqual([])
    })

    test("hostile markup arrives as text", async () => {
      using server = await createTestServer()
      const alice = await open(server, server.as("alice"), server.room)
      const bob = await open(server, server.as("bob"), server.room)
      await alice.send("harmless")
      await shows(bob, ["harmless"])
      const harmless = shapeOf(articleHtml(bob.page.received))
      const shown = ["harmless"]

      for (const text of hostile) {
        const before = bob.page.received.length
        expect(await alice.send(text)).toBe(200)
        shown.push(text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd"))
        await shows(bob, shown)
        if (!transport.isMarkup) continue

        const shape = shapeOf(articleHtml(bob.page.received.slice(before)))
        // Only texts with letters that are written from right to left say a direction.
        expect(shape.map((element) => element.replace("div class dir", "div class"))).toEqual(harmless)
      }

      expect(bob.view().flatMap(({ elements }) => elements)).toEqual([])
      expect(bob.view().map(({ position, seq }) => [position, seq])).toEqual(
        shown.map((_, at) => [at + 1, at + 1]),
      )
    })

    test("strangers and outsiders are refused without details", async () => {
      using server = await createTestServer()
      await say(server, "private")
      const nowhere = { ...server.room, channelId: "nowhere" }
      const elsewhere = { ...server.room, serverId: "elsewhere" }

      const stranger = await open(server, server.visitor(null), server.room)
      const outsider = await open(server, server.as("mallory"), server.room)
      const lost = await open(server, server.as("bob"), nowhere)
      const misled = await open(server, server.as("bob"), elsewhere)

      expect(stranger.ended()).toBe(401)
      expect(outsider.ended()).toBe(403)
      expect(lost.ended()).toBe(404)
      expect(misled.ended()).toBe(404)
      expect(await outsider.send("let me in")).toBe(403)
      expect(await stranger.send("let me in")).toBe(401)
      for (const { page } of [stranger, outsider, lost, misled])
        expect(page.received).not.toContain("private")
      expect(await storedIn(server)).toHaveLength(1)
      expect(server.chat.sidekick.stats().connections).toBe(0)
    })

    test.each(losses)("%s ends the connection before the next message", async (_, lose, code) => {
      using server = await createTestServer()
      const alice = await open(server, server.as("alice"), server.room)
      const bob = await open(server, server.as("bob"), server.room)
      await say(server, "before")
      await shows(bob, ["before"]) // or the next assertions prove nothing

      await lose(server, transport)
      const goesOn = code !== 404
      if (goesOn) {
        await say(server, "after")
        await shows(alice, ["before", "after"])
      }

      await until("bob's connection has ended", () => bob.ended() !== undefined)
      expect(bob.ended()).toBe(transport.saysWhy ? code : "closed")
      expect(bob.page.received).not.toContain("after")
      expect(await bob.send("still here")).not.toBe(200)
      let back = await open(server, server.as("bob"), server.room, bob.page)
      // Another node may hear of it a moment later, and asks to connect again until then.
      while (back.ended() === 503 || back.ended() === closeCodes[503])
        back = await open(server, server.as("bob"), server.room, bob.page)
      expect(back.ended()).toBe(code)
      expect(back.page.received).not.toContain("after")
      expect(await storedIn(server)).toHaveLength(goesOn ? 2 : 0)
      if (goesOn) expect(alice.ended()).toBeUndefined()
    })

    test("signing out leaves the person's other sessions connected", async () => {
      using server = await createTestServer()
      const isBrowser = transport.signOut === signOutOfBrowser
      const other = await (isBrowser ? direct : socket).open(server, server.as("bob"), server.room)
      const here = await open(server, server.as("bob"), server.room)

      await transport.signOut(server.as("bob"))
      await say(server, "after")

      await until("the one has ended", () => here.ended() !== undefined)
      await shows(other, ["after"])
      expect(here.view()).toEqual([])
    })

    test("readers who come and go leave nothing behind", async () => {
      using server = await createTestServer()
      const stats = () => connectionStats(server)
      const idle = stats()
      expect(idle).toMatchObject({ connections: 0, topics: 0, tokens: 0 })

      for (let round = 0; round < 3; round++) {
        const readers: Reader[] = []
        for (const name of ["alice", "bob", "bob"] as const) {
          readers.push(await open(server, server.as(name), server.room))
        }
        await say(server, `round ${round}`)
        for (const reader of readers)
          await until("it hears", () => reader.view().at(-1)?.content === `round ${round}`)
        expect(stats().connections).toBeGreaterThanOrEqual(readers.length)
        for (const reader of readers) await reader.close()
      }

      await until("all of them are gone", () => stats().connections + stats().topics === 0)
      expect(stats()).toEqual(idle)
    })
  })
}

/** What all nodes hold for connections. */
function connectionStats({ chat, second }: TestServer) {
  const stats = [...new Set([chat, second])].map(({ sidekick }) => sidekick.stats())
  const sum = (name: "connections" | "topics" | "tokens") =>
    stats.reduce((total, counts) => total + counts[name], 0)
  return { connections: sum("connections"), topics: sum("topics"), tokens: sum("tokens") }
}

function id(message: Seen | undefined): string {
  return message?.id ?? "none"
}

/** Everything that was said in a room, as the store has it: what every reader must come to see. */
async function storedIn({ chat, general }: TestServer): Promise<Seen[]> {
  return (await listAfter(chat.db, general.id, 0, 5000)).map(seenFrom)
}

/** Alice sends a message by the typed API, for every transport; returns what is stored. */
async function say(server: TestServer, ...contents: string[]): Promise<Seen[]> {
  const { room, cast } = server
  const { client } = cast.alice
  const connected = await client.connect("chat", room, {})
  if (!connected.success) throw new Error(connected.error.message)
  for (const content of contents) await client.send("chat", room, connected.token, { content })
  await client.unsubscribe("chat", room, connected.token)
  const stored = await storedIn(server)
  return stored.slice(-contents.length)
}

/** Edits every message, unannounced. */
async function editAll(server: TestServer): Promise<void> {
  const { chat } = server
  const all = await storedIn(server)
  await chat.commits.decide(async (tx) => {
    for (const { id, content } of all)
      await updateContent(new ChangeSet(tx), id, { content: `${content}, edited`, editedAt: new Date() })
  })
}

async function sendMany(reader: Reader, name: string, count: number): Promise<void> {
  for (const content of numbered(name, count)) expect(await reader.send(content)).toBe(200)
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index + 1}`)
}

async function shows(reader: Reader, contents: string[]): Promise<void> {
  const seen = () => reader.view().map(({ content }) => content)
  await until(`${JSON.stringify(contents)} is shown`, () => Bun.deepEquals(seen(), contents)).catch(() => {})
  expect(seen()).toEqual(contents)
}

/** The first message in some markup, without the presence that a page shows around it. */
function articleHtml(html: string): string {
  return html.match(/(<hx-upsert|<\?start)[\s\S]*?(<\/hx-upsert>|<\?end>)/)?.[0] ?? html
}
