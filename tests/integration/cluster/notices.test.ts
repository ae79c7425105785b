import { expect, setDefaultTimeout, test } from "bun:test"
import { eq, isNotNull, lte } from "drizzle-orm"
import { pushDeliveries } from "../../../drizzle/schema.ts"
import type { Noted, Tx } from "../../../src/db/database.ts"
import { notifier } from "../../../src/features/notifications/notifier.ts"
import { pushSender } from "../../../src/features/push/sender.ts"
import { expectData } from "../../support/chat.ts"
import { createTestCluster, type TestCluster, type TestNode } from "../../support/cluster.ts"
import { until } from "../../support/listen.ts"
import { type ReceivedPush, startPushService } from "../../support/push.ts"
import { say } from "../../support/say.ts"
import { describeWithServices } from "../../support/services.ts"

// Three nodes, two of which die. The next one takes over within seconds.
setDefaultTimeout(30_000)

const environment = { PUSH_PRIVATE_HOSTS: "127.0.0.1", PUBLIC_URL: "https://chat.example.org" }
const devices = { bob: ["phone", "laptop"], alice: ["tablet"], mallory: ["desk"] } as const

describeWithServices("a message that mentions somebody", () => {
  test("is one notice on each of their devices, whichever node dies", async () => {
    using service = startPushService()
    await using cluster = await createTestCluster(3, { environment })
    await addDevices(cluster, service)

    const first = await nodeOnDuty(cluster)
    const claimed = await mention(cluster, first)
    await until("it is queued", async () => (await queued(cluster, claimed)) === 2)
    const isDead = dieAfterClaim(first)
    await sendAll(first)
    await until("the first has claimed it and died", isDead)
    const second = await nodeOnDuty(cluster)
    expect(second).not.toBe(first)

    const isDeadToo = dieOnHearing(second)
    const unseen = await mention(cluster, second)
    await until("the second has heard of it and died", isDeadToo)
    expect(await queued(cluster, unseen)).toBe(0) // or it did not die in time
    const third = await nodeOnDuty(cluster)
    await until("the third has looked", async () => (await queued(cluster, unseen)) === 2)
    const last = await mention(cluster)
    await until("it is queued as well", async () => (await queued(cluster, last)) === 2)
    await sendAll(third)
    await until("both are sent", () => service.received.length === 4)
    await third.chat.workers.get(pushSender).run()
    await third.chat.workers.get(notifier).wake()
    await third.chat.workers.get(notifier).settle()

    // What was claimed by the one that died is given up rather than sent twice.
    expect(noticesOf(service).toSorted()).toEqual(
      devices.bob.flatMap((name) => [`${name}: ${unseen}`, `${name}: ${last}`]).toSorted(),
    )
    const rows = await third.chat.db.select().from(pushDeliveries).all()
    expect(rows.map(({ messageId }) => messageId).toSorted()).toEqual(
      [claimed, claimed, unseen, unseen, last, last].toSorted(),
    )
    expect(rows.filter(({ dueAt }) => dueAt !== null)).toEqual([])
    expect(service.faults).toEqual([])
    // They end at once when they can say so.
    for (const { postgres, redis } of cluster.nodes) for (const way of [postgres, redis]) way.restore()
  })
})

describeWithServices("a message in a channel that a page at another node shows", () => {
  test("is no notice until the page is hidden", async () => {
    using service = startPushService()
    await using cluster = await createTestCluster(2, { environment })
    await addDevices(cluster, service)
    const sending = await nodeOnDuty(cluster)
    const showing = cluster.nodes.find((node) => node !== sending)
    const room = { userId: cluster.as("bob", 0).id, channelId: cluster.general.id }
    showing?.chat.shownRooms.show(room)
    const messageId = await mention(cluster)
    await until("it is queued", async () => (await queued(cluster, messageId)) === 2)
    const times = { createdAt: new Date(Date.now() - 11_000), dueAt: new Date(1) }
    await sending.chat.commits.decide((tx) => tx.update(pushDeliveries).set(times).run())
    const sender = sending.chat.workers.get(pushSender)

    await sender.run()
    expect(service.received).toEqual([])
    showing?.chat.shownRooms.hide(room)
    const isDue = async () =>
      (await sending.chat.db.$count(pushDeliveries, lte(pushDeliveries.dueAt, new Date()))) === 2
    await until("both are due", async () => (await isDue()) || service.received.length === 2)
    await sender.run()
    await until("both are sent", () => service.received.length === 2)

    expect(noticesOf(service).toSorted()).toEqual(
      devices.bob.map((name) => `${name}: ${messageId}`).toSorted(),
    )
  })
})

async function addDevices(cluster: TestCluster, service: ReturnType<typeof startPushService>) {
  for (const [name, names] of Object.entries(devices)) {
    const { client } = cluster.as(name as keyof typeof devices, 0)
    for (const name of names)
      expectData(await client.mutate("addPushDevice", { ...service.subscribe(name), name }))
  }
}

const dead = new WeakSet<TestNode>()

/** Takes everything from a node that it has outside its process, as `kill -9` would. */
function kill(node: TestNode): void {
  dead.add(node)
  node.postgres.cut()
  node.redis.cut()
}

async function nodeOnDuty({ nodes }: TestCluster): Promise<TestNode> {
  const find = () => nodes.find((node) => !dead.has(node) && node.chat.workers.isOnDuty)
  await until("a node is on duty", () => find() !== undefined)
  return find() as TestNode
}

/** Alice mentions all of the cast, at a node that is not the one given. */
async function mention(cluster: TestCluster, notAt?: TestNode): Promise<string> {
  const index = cluster.nodes.findIndex((node) => !dead.has(node) && node !== notAt)
  return say(cluster, cluster.as("alice", index), "@bob @alice @mallory")
}

/** How many notices of a message are queued, or were. */
async function queued({ nodes }: TestCluster, messageId: string): Promise<number> {
  const alive = nodes.find((node) => !dead.has(node))
  return alive?.chat.db.$count(pushDeliveries, eq(pushDeliveries.messageId, messageId)) ?? 0
}

/** Has a node send what is queued, without the ten seconds in which it could be read. */
async function sendAll({ chat }: TestNode): Promise<void> {
  await chat.commits.decide((tx) =>
    tx
      .update(pushDeliveries)
      .set({ dueAt: new Date(1) })
      .where(isNotNull(pushDeliveries.dueAt))
      .run(),
  )
  chat.workers.get(pushSender).wake()
}

/** Kills the node once it has committed that it will send something, before it sends it. */
function dieAfterClaim(node: TestNode): () => boolean {
  const { commits } = node.chat
  const { note } = commits
  commits.note = async <T>(changed: Noted, work: (tx: Tx) => Promise<T>) => {
    const result = (await note.call(commits, changed, work)) as T
    const [claimed] = Array.isArray(result) ? result : []
    if (claimed?.subscriptionId === undefined) return result
    kill(node)
    return new Promise<never>(() => {})
  }
  return () => dead.has(node)
}

/** Kills the node when it receives a message, before it looks for recipients. */
function dieOnHearing(node: TestNode): () => boolean {
  node.chat.workers.get(notifier).onChange = () => kill(node)
  return () => dead.has(node)
}

const noticesOf = ({ received }: { received: ReceivedPush[] }) =>
  received.map(({ device, content }) => `${device}: ${content.notification.data.messageId}`)
