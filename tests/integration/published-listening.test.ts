import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { clientOf, enter, patience } from "../support/published.ts"
import { createTestServer } from "../support/server.ts"

setDefaultTimeout(60_000)

describe("listen", () => {
  test("fetches again after someone else's change, with dates as Date, and not after it ended", async () => {
    using server = await createTestServer()
    const { lab, cast } = server
    const bob = clientOf(server, "bob")
    await enter(bob, server.room)
    const seen: { name: string; createdAt: Date }[][] = []
    const stop = bob.listen("getChannels", { serverId: lab.id }, ({ data }) => void seen.push(data), true)
    await until("bob listens", () => server.chat.sidekick.stats().listeners === 1, patience)

    const create = async (name: string) =>
      expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
    await create("news")
    await until(
      "bob sees the change",
      () => seen.at(-1)?.some(({ name }) => name === "news") ?? false,
      patience,
    )
    expect(seen.at(-1)?.every(({ createdAt }) => createdAt instanceof Date)).toBe(true)
    stop()
    await until("bob does not listen any more", () => server.chat.sidekick.stats().listeners === 0, patience)
    const before = seen.length
    await create("unseen")

    expect(seen).toHaveLength(before)
    bob.disconnect()
  })

  test("to a channel's messages fetches again after a message over any transport", async () => {
    using server = await createTestServer()
    const bob = clientOf(server, "bob")
    const { channelId } = server.room
    await enter(bob, server.room)
    const seen: string[][] = []
    bob.listen("getMessages", { channelId }, ({ data }) => void seen.push(contentsIn(data)), true)
    await until("bob listens", () => server.chat.sidekick.stats().listeners === 1, patience)

    const posted = await server.as("alice").post(`${server.roomPath}/messages`, { content: "from a page" })
    expect(posted.status).toBe(303)

    await until("bob sees the change", () => seen.at(-1)?.includes("from a page") ?? false, patience)
    bob.disconnect()
  })

  test("waits until a token is used, and then begins by itself", async () => {
    using server = await createTestServer()
    const { lab, cast } = server
    const [bob, mallory] = [clientOf(server, "bob"), clientOf(server, "mallory")]
    const seen: string[][] = []
    bob.listen("getChannels", { serverId: lab.id }, ({ data }) => void seen.push(namesIn(data)), true)
    mallory.listen("getServers", null, () => {}, true)
    await until("bob is asked to connect", () => bob.faults().length === 1, patience)
    expect(bob.faults()[0]).toMatchObject({ fault: "client", code: 401 })
    expect(server.chat.sidekick.stats().listeners).toBe(0)

    await enter(bob, server.room)
    await until("bob listens", () => server.chat.sidekick.stats().listeners === 1, patience)
    expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "news" }))
    await until("bob sees the change", () => seen.at(-1)?.includes("news") ?? false, patience)

    bob.disconnect()
    mallory.disconnect()
  })

  test("to resources of others is refused", async () => {
    using server = await createTestServer()
    const mallory = clientOf(server, "mallory")
    const own = expectData(await server.cast.mallory.client.mutate("createServer", { name: "Den" }))
    const created = { serverId: own.id, name: "den" }
    const den = expectData(await server.cast.mallory.client.mutate("createChannel", created))
    await enter(mallory, { serverId: own.id, channelId: den.id })
    const { sidekickConnection } = mallory as never as {
      sidekickConnection: { sendMessage(frame: object): void }
    }

    const { lab, cast, general } = server
    const resources = [
      `channels/server/${lab.id}`,
      `messages/channel/${general.id}`,
      `servers/user/${cast.bob.id}`,
      "nonsense",
    ]
    sidekickConnection.sendMessage({ type: "listen", resources })
    await until("mallory is refused", () => mallory.faults().length === resources.length, patience)

    expect(mallory.faults().map(({ code }) => code)).toEqual([403, 403, 403, 403])
    expect(server.chat.sidekick.stats().listeners).toBe(0)
    mallory.disconnect()
  })
})

function contentsIn(data: { content: string }[]): string[] {
  return data.map(({ content }) => content)
}

function namesIn(data: { name: string }[]): string[] {
  return data.map(({ name }) => name)
}
