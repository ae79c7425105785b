import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { type RightLoss, Rights, sendLosses, viewLosses } from "../support/right-losses.ts"
import { createTestServer, type TestServer, type Visitor } from "../support/server.ts"
import { hasTwoNodes } from "../support/two-nodes.ts"
import { transports as readers } from "./transports/all.ts"
import { socket } from "./transports/socket.ts"
import { pathOf, type Reader, type Transport } from "./transports/transport.ts"
import { wire } from "./transports/wire.ts"

// Losing one permission, as `revocation.test.ts` tests losing all: at once, by every transport, and for no one else.

setDefaultTimeout(60_000)

const transports = [...readers, wire]

/** On two nodes, where each takes seconds, every loss by one transport. */
function of(losses: RightLoss[], transport: Transport): RightLoss[] {
  const place = transports.indexOf(transport)
  return losses.filter((_, index) => !hasTwoNodes || index % transports.length === place)
}

const opened: Reader[] = []
afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.close()
})

for (const transport of transports) {
  describe(`by ${transport.name}`, () => {
    test.each(of(viewLosses, transport))(
      "$what ends the view at once, for bob alone",
      async ({ prepare }) => {
        using server = await createTestServer()
        await joinMallory(server)
        const rights = new Rights(server)
        const lose = await prepare(rights)
        const alice = await opens(socket, server, server.as("alice"))
        const bob = await opens(transport, server, server.as("bob"))
        const mallory = await opens(transport, server, server.as("mallory"))
        expect(await alice.send("before")).toBe(200)
        for (const reader of [alice, bob, mallory]) await shows(reader, ["before"]) // or the rest proves nothing

        await lose()
        expect(await alice.send("after")).toBe(200)

        for (const reader of [alice, mallory]) {
          await shows(reader, ["before", "after"])
          expect(reader.ended()).toBeUndefined()
        }
        await until("bob is out", () => bob.ended() !== undefined)
        expect(bob.ended()).toBe(transport.saysWhy ? 403 : "closed")
        expect(bob.page.received).not.toContain("after")

        // Nor does anything open that did before.
        expect(await bob.send("still here")).not.toBe(200)
        const back = await opens(transport, server, server.as("bob"), bob.page)
        expect([back.ended(), back.page.received.includes("after")]).toEqual([403, false])
        await expectShut(server)
        await shows(mallory, ["before", "after"])
      },
    )
  })
}

for (const transport of transports) {
  describe(`by ${transport.name}`, () => {
    test.each(of(sendLosses, transport))("$what ends writing, and nothing else", async ({ prepare }) => {
      using server = await createTestServer()
      await joinMallory(server)
      const lose = await prepare(new Rights(server))
      const bob = await opens(transport, server, server.as("bob"))
      const mallory = await opens(transport, server, server.as("mallory"))
      expect(await bob.send("before")).toBe(200)

      await lose()

      expect(await bob.send("refused")).not.toBe(200)
      expect(await mallory.send("after")).toBe(200)
      for (const reader of [bob, mallory]) {
        await shows(reader, ["before", "after"])
        expect(reader.ended()).toBeUndefined()
      }
    })
  })
}

/** What bob could read by other ways. */
async function expectShut({ as, cast, lab, general, room }: TestServer): Promise<void> {
  const { client } = cast.bob
  const codes = [
    (await client.query("getMessages", { channelId: general.id })).error?.code,
    (await client.query("getPins", { channelId: general.id })).error?.code,
    (await client.query("getThreads", { channelId: general.id })).error?.code,
    (await as("bob").get(pathOf(room))).status,
    (await as("bob").get(`${pathOf(room)}/events?after=0`)).status,
    (await as("bob").get(`${pathOf(room)}/stream?after=0`)).status,
  ]
  expect(codes).toEqual(codes.map(() => 403))
  const channels = expectData(await client.query("getChannels", { serverId: lab.id }))
  expect(channels.map(({ id }) => id)).not.toContain(general.id)
  const unread = expectData(await client.query("getUnread", null))
  expect(JSON.stringify(unread)).not.toContain(general.id)
}

async function joinMallory({ cast: { alice, mallory }, lab }: TestServer): Promise<void> {
  const { code } = expectData(await alice.client.mutate("createInvite", { serverId: lab.id }))
  expectData(await mallory.client.mutate("joinServer", { code }))
}

async function opens(
  transport: Transport,
  server: TestServer,
  visitor: Visitor,
  page?: Parameters<Transport["open"]>[3],
): Promise<Reader> {
  const reader = await transport.open(server, visitor, server.room, page)
  opened.push(reader)
  return reader
}

async function shows(reader: Reader, contents: string[]): Promise<void> {
  const seen = () => reader.view().map(({ content }) => content)
  await until(`${JSON.stringify(contents)} is shown`, () => Bun.deepEquals(seen(), contents)).catch(() => {})
  expect(seen()).toEqual(contents)
}
