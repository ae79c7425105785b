import { afterAll, beforeAll, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { bans, channels, files, messages, serverMembers } from "../../../drizzle/schema.ts"
import { insertFile } from "../../../src/features/files/store.ts"
import { maxPins } from "../../../src/features/pins/contract.ts"
import { ChannelFaultError } from "../../../src/kernel/index.ts"
import { appear, expectData, type Person } from "../../support/chat.ts"
import { createTestCluster, type TestCluster } from "../../support/cluster.ts"
import { listen, until } from "../../support/listen.ts"
import { describeWithServices } from "../../support/services.ts"

// What two nodes do at the same moment is as if one had done it after the other.

let cluster: TestCluster

const nodes = [0, 1, 2]
const db = () => cluster.node(0).chat.db
const codeOf = ({ error }: { error: { code: number } | null }) => error?.code ?? 200

describeWithServices("at the same moment on different nodes", () => {
  beforeAll(async () => {
    cluster = await createTestCluster(3)
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  test("a ban and a join: a banned user is not a member", async () => {
    const alice = cluster.as("alice", 0)
    for (let round = 0; round < 15; round++) {
      const dora = await appear(cluster.node(1).chat, `dora${round}`)
      const { code } = expectData(
        await alice.client.mutate("createInvite", { serverId: cluster.lab.id, maxUses: 1 }),
      )
      const [joined, banned] = await Promise.all([
        dora.client.mutate("joinServer", { code }),
        alice.client.mutate("banMember", { serverId: cluster.lab.id, userId: dora.id }),
      ])

      expect([codeOf(banned), [200, 403, 404].includes(codeOf(joined))]).toEqual([200, true])
      expect(await db().$count(serverMembers, eq(serverMembers.userId, dora.id))).toBe(0)
      expect(await db().$count(bans, eq(bans.userId, dora.id))).toBe(1)
    }
  })

  test("a hundred who use the last use of an invite: one joins", async () => {
    const crowd = await Promise.all(
      Array.from({ length: 100 }, (_, index) => appear(cluster.node(index % 3).chat, `guest${index}`)),
    )
    const { code } = expectData(
      await cluster.as("alice", 0).client.mutate("createInvite", { serverId: cluster.lab.id, maxUses: 1 }),
    )

    const results = await Promise.all(crowd.map(({ client }) => client.mutate("joinServer", { code })))

    const codes = results.map(codeOf).sort()
    expect(codes).toEqual([200, ...Array(99).fill(404)])
  })

  test("an edit and a deletion: the message is gone, and readers everywhere agree with the store", async () => {
    const channel = await createChannel("edits")
    const room = { serverId: cluster.lab.id, channelId: channel.id }
    const readers = await Promise.all(nodes.map((index) => listen(cluster.as("bob", index), room)))
    const { send } = await listen(cluster.as("alice", 0), room)
    const ids: string[] = []
    for (let index = 0; index < 15; index++) {
      const id = crypto.randomUUID()
      await send(`message ${index}`, id)
      ids.push(id)
    }
    const [one, other] = [cluster.as("alice", 1), cluster.as("alice", 2)]

    await Promise.all(
      ids.flatMap((messageId, index) => [
        one.client.mutate("editMessage", { messageId, content: `edited ${index}` }),
        other.client.mutate("deleteMessage", { messageId }),
      ]),
    )

    const stored = await db().select().from(messages).where(eq(messages.channelId, channel.id)).all()
    expect(stored.map(({ content, deletedAt }) => [content, deletedAt !== null])).toEqual(
      ids.map(() => ["", true]),
    )
    const head = Math.max(...stored.map(({ seq }) => seq))
    for (const { heard } of readers) {
      await until("the last change has arrived", () => heard.some(({ seq }) => seq === head))
      const last = new Map(heard.map((message) => [message.id, message]))
      expect([...last.values()].map(({ content }) => content)).toEqual(ids.map(() => ""))
      expect(heard.map(({ seq }) => seq)).toEqual(heard.map(({ seq }) => seq).toSorted((a, b) => a - b))
    }
  })

  test("one file in two messages: one of them gets it", async () => {
    const channel = await createChannel("files")
    const { chat } = cluster.node(0)
    const [one, other] = await Promise.all([1, 2].map((index) => poster(index, channel.id)))
    if (!one || !other) throw new Error("Both can send")
    for (let round = 0; round < 10; round++) {
      const id = await putFile(cluster.as("alice", 0), channel.id)
      const sent = [crypto.randomUUID(), crypto.randomUUID()]
      const codes = await Promise.all(
        [one, other].map((post, index) => post({ id: sent[index], content: "a file", files: [id] })),
      )

      expect(codes.toSorted()).toEqual([200, 400])
      const file = await chat.db.select().from(files).where(eq(files.id, id)).get()
      expect(file?.messageId).toBe(sent[codes.indexOf(200)] ?? "")
    }
  })

  test("the same message id: it is stored once and confirmed to all", async () => {
    const channel = await createChannel("retries")
    const posters = await Promise.all(nodes.map((index) => poster(index, channel.id)))
    for (let round = 0; round < 15; round++) {
      const id = crypto.randomUUID()
      const codes = await Promise.all(posters.map((post) => post({ id, content: "once" })))
      expect(codes).toEqual([200, 200, 200])
    }

    expect(await db().$count(messages, eq(messages.channelId, channel.id))).toBe(15)
    const [row] = await db().select().from(channels).where(eq(channels.id, channel.id))
    expect([row?.seq, row?.messageCount]).toEqual([15, 15])
  })

  test("the same message id in several channels: one stores it, and the others refuse it", async () => {
    const rooms = await Promise.all(nodes.map((index) => createChannel(`room-${index}`)))
    const posters = await Promise.all(rooms.map(({ id }, index) => poster(index, id)))
    for (let round = 0; round < 15; round++) {
      const id = crypto.randomUUID()
      const codes = await Promise.all(posters.map((post) => post({ id, content: "once" })))
      expect(codes.toSorted()).toEqual([200, 409, 409])
      expect(await db().$count(messages, eq(messages.id, id))).toBe(1)
    }
  })

  test("a limit holds: pins of a channel", async () => {
    const channel = await createChannel("pins")
    const { send } = await listen(cluster.as("alice", 0), {
      serverId: cluster.lab.id,
      channelId: channel.id,
    })
    const ids = Array.from({ length: maxPins + 20 }, () => crypto.randomUUID())
    for (const id of ids) await send("pin me", id)
    const people = nodes.map((index) => cluster.as("alice", index))

    const results = await Promise.all(
      ids.map((messageId, index) => people[index % 3]?.client.mutate("pinMessage", { messageId })),
    )

    const codes = results.map((result) => (result ? codeOf(result) : 0)).sort()
    expect(codes).toEqual([...Array(maxPins).fill(200), ...Array(20).fill(400)])
  })

  test("what exists once is created once: a conversation of two, a thread, a name", async () => {
    const people = nodes.map((index) => cluster.as("alice", index))
    const bob = cluster.as("bob", 0)
    const opened = await Promise.all(
      people.map(({ client }) => client.mutate("openConversation", { userIds: [bob.id] })),
    )
    expect(opened.map(codeOf)).toEqual([200, 200, 200])
    expect(new Set(opened.map(({ data }) => data?.id)).size).toBe(1)

    const { send } = await listen(people[0] ?? bob, cluster.room)
    const messageId = crypto.randomUUID()
    await send("a thread, please", messageId)
    const threads = await Promise.all(
      people.map(({ client }) => client.mutate("createThread", { messageId })),
    )
    expect(threads.map(codeOf)).toEqual([200, 200, 200])
    expect(new Set(threads.map(({ data }) => data?.id)).size).toBe(1)

    const names = await Promise.all(
      people.map(({ client }) => client.mutate("createBot", { username: "robot" })),
    )
    expect(names.map(codeOf).sort()).toEqual([200, 409, 409])
  })
})

async function createChannel(name: string) {
  const { client } = cluster.as("alice", 0)
  return expectData(await client.mutate("createChannel", { serverId: cluster.lab.id, name }))
}

/** Sends as alice from a node; returns 200 or the code of the refusal. */
async function poster(index: number, channelId: string) {
  const { client, username } = cluster.as("alice", index)
  const room = { serverId: cluster.lab.id, channelId }
  const connected = await client.connect("chat", room, { username })
  if (!connected.success) throw new Error(connected.error.message)

  const { token } = connected
  return async (message: { id?: string; content: string; files?: string[] }): Promise<number> => {
    try {
      await client.send("chat", room, token, message)
      return 200
    } catch (error) {
      if (error instanceof ChannelFaultError) return error.code ?? 0
      throw error
    }
  }
}

/** A file of somebody that is not in a message yet. */
async function putFile({ id: userId }: Person, channelId: string): Promise<string> {
  const id = crypto.randomUUID()
  const file = { id, channelId, userId, messageId: null, name: "a.txt", type: "text/plain", bytes: 1 }
  const rest = {
    width: null,
    height: null,
    alt: "",
    isAnimated: false,
    key: `files/${id}`,
    createdAt: new Date(),
  }
  await cluster.node(0).chat.commits.decide((tx) => insertFile(tx, { ...file, ...rest }))
  return id
}
