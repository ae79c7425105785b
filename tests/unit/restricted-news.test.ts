import { describe, expect, test } from "bun:test"
import type { StreamMember } from "../../src/web/live/stream-group.ts"
import type { Update } from "../../src/web/live/update.ts"
import { appear, createTestChat, expectData, type Person, type TestChat } from "../support/chat.ts"
import { listen, until } from "../support/listen.ts"
import { giveRole, makePrivate, setOverwrite, takeRole } from "../support/rights.ts"

// What is new in a channel is no business of members who may not view it, on their pages and over the wire.

describe("the news of a private channel", () => {
  test("reach only the pages of members who may view it", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const secret = await createChannel(app, "secret")
    await makePrivate(app, secret)
    const [alices, bobs] = [await openPage(app, alice), await openPage(app, bob)]

    await say(app, alice, secret, "hush")
    await say(app, alice, app.general.id, "hello")

    await until("alice is told of both", () => alices.told.length === 2)
    expect(alices.told.toSorted()).toEqual([secret, app.general.id].toSorted())
    await until("bob is told", () => bobs.told.length > 0)
    expect(bobs.told).toEqual([app.general.id])
  })

  test("end at once for who loses the channel, and begin for who gains it", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const secret = await createChannel(app, "secret")
    const roleId = await giveRole(app, [bob.id])
    await setOverwrite(app, { channelId: secret, targetId: roleId, kind: "role", allow: ["viewChannel"] })
    await makePrivate(app, secret)
    const [alices, bobs] = [await openPage(app, alice), await openPage(app, bob)]
    await say(app, alice, secret, "one")
    await until("bob is told", () => bobs.told.length === 1)

    const posted = takeRole(app, bob.id, roleId)
    await Promise.all([posted, say(app, alice, secret, "@everyone two")])
    await say(app, alice, secret, "@everyone three")
    await until("alice is told", () => alices.told.length >= 2)
    await say(app, alice, app.general.id, "@everyone hello")
    await until("bob is told of something else", () => bobs.told.at(-1) === app.general.id)
    const afterwards = bobs.told.filter((id) => id === secret).length
    expect(afterwards).toBeLessThanOrEqual(2) // what was said before the commit may have been told

    await setOverwrite(app, { channelId: secret, targetId: bob.id, kind: "member", allow: ["viewChannel"] })
    await app.chat.server.updateResources([`channels/server/${app.lab.id}`])
    await say(app, alice, secret, "@everyone four")
    await until("bob is told again", () => bobs.told.filter((id) => id === secret).length > afterwards)
  })

  test("are sent to subscribers of the channel, not of the server", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const secret = await createChannel(app, "secret")
    await makePrivate(app, secret)
    const ofServer = await hear(bob, "activity", { serverId: app.lab.id })
    const ofChannel = await hear(alice, "channelActivity", { channelId: secret })
    const refused = await bob.client.connect("channelActivity", { channelId: secret }, {})

    await say(app, alice, secret, "hush")
    await say(app, alice, app.general.id, "@everyone hello")

    await until("both are told", () => ofServer.length > 0 && ofChannel.length > 0)
    expect(ofServer).toEqual([app.general.id])
    expect(ofChannel).toEqual([secret])
    expect(refused.error).toMatchObject({ code: 403 })
  })

  test("are sent to all again once everyone may view it", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const secret = await createChannel(app, "secret")
    await makePrivate(app, secret)
    const bobs = await openPage(app, bob)
    await say(app, alice, secret, "hush")

    await setOverwrite(app, { channelId: secret, targetId: app.lab.id })
    await say(app, alice, secret, "@everyone open")

    await until("bob is told", () => bobs.told.length > 0)
    expect(bobs.told).toEqual([secret])
  })

  test("are sent to one topic for all channels with the same viewers", async () => {
    using app = await createTestChat()
    const { alice } = app.cast
    const ids = [await createChannel(app, "one"), await createChannel(app, "two")]
    for (const id of ids) await makePrivate(app, id)
    const carol = await appear(app.chat, "carol")
    const page = await openPage(app, alice)
    const before = page.topics

    for (const id of ids) await say(app, alice, id, "@everyone hush")

    await until("alice is told", () => page.told.length === 2)
    expect(page.topics - before).toBe(1)
    carol.client.disconnect()
  })
})

async function createChannel({ cast, lab }: TestChat, name: string): Promise<string> {
  return expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name })).id
}

async function say({ lab }: TestChat, who: Person, channelId: string, content: string): Promise<void> {
  const { send, stop } = await listen(who, { serverId: lab.id, channelId })
  await send(content)
  stop()
}

/** The news of a person's live page: which channels it was told of. */
async function openPage(app: TestChat, { id }: Person) {
  const { userFeeds } = app.cast.alice.id === id ? app.chat : app.second
  const feed = await userFeeds.acquire(id)
  const told: string[] = []
  const page = { told, topics: 0 }
  const write = (chunk: Uint8Array) => void told.push(...channelsIn(new TextDecoder().decode(chunk)))
  const encode = (updates: Update[]) => updates.map(({ fragment }) => fragment).join("\n")
  const format = { name: "news", heartbeat: "", encode }
  const connection: StreamMember = { format, write, writeEphemeral: write }
  feed.subscriptions.addSubscriber({
    subscribeTo(topic) {
      page.topics++
      topic.events.add(connection)
    },
    unsubscribeFrom(topic) {
      page.topics--
      topic.events.delete(connection)
    },
    sendOwn() {},
  })
  return page
}

function channelsIn(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.includes('"type":"news"'))
    .flatMap((line) => JSON.parse(line).news.map((one: { channelId: string }) => one.channelId))
}

async function hear({ client }: Person, channel: "activity" | "channelActivity", params: object) {
  const told: string[] = []
  const { token } = await client.connect(channel, params as never, {})
  await client.subscribe(channel, params as never, token ?? "", ({ news }) => {
    told.push(...news.map(({ channelId }) => channelId))
  })
  return told
}
