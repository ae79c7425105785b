import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createApp } from "../../src/app.ts"
import { type Chat, createChat } from "../../src/chat.ts"
import { startRedis } from "../../src/cli/services/redis.ts"
import { openPostgres } from "../../src/db/postgres/open.ts"
import type { Channel } from "../../src/features/channels/contract.ts"
import type { Server } from "../../src/features/servers/contract.ts"
import { updateServer } from "../../src/features/servers/store.ts"
import { createCluster } from "../../src/join-cluster.ts"
import { openAssets } from "../../src/web/assets.ts"
import { expectData, type Outside, type Person, personOf, signUp, silent } from "./chat.ts"
import { until } from "./listen.ts"
import { createPostgresDatabase } from "./postgres.ts"
import { type CuttableWay, createProxy } from "./proxy.ts"
import { testConfig } from "./test-database.ts"

const connections = { read: 3, append: 2, decide: 1, note: 1 }

/** One of several nodes of a chat in this process, with its ways to Redis and Postgres. */
export interface TestNode {
  chat: Chat
  app: ReturnType<typeof createApp>
  redis: CuttableWay
  postgres: CuttableWay
  /** Ends it as SIGTERM would. */
  stop(): Promise<void>
}

interface World {
  people: Record<"alice" | "bob" | "mallory", Pick<Person, "id" | "username" | "token">>
  lab: Server
  general: Channel
}

export type TestCluster = Awaited<ReturnType<typeof createTestCluster>>

/**
 * A chat of some nodes in this process on a Postgres and a Redis of its own: alice owns the server "Lab" with the channel
 * "general", bob is a member, mallory is neither. `as("bob", 1)` is bob at the second node.
 */
export async function createTestCluster(
  count: number,
  { environment = {}, outside }: { environment?: Record<string, string>; outside?: Outside } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "covenant-cluster-"))
  const database = await createPostgresDatabase()
  const redis = await startRedis()
  const nodes: TestNode[] = []
  const clients: Person[] = []
  async function startNode(): Promise<TestNode> {
    const place = { databaseUrl: database.url, redisUrl: redis.url, folder }
    const node = await createNode({ ...place, environment, outside })
    nodes.push(node)
    return node
  }

  for (let index = 0; index < count; index++) await startNode()
  await until("all nodes hear each other", () =>
    nodes.every(({ chat }) => chat.node?.bus.isUp && [...chat.node.bus.nodes].length === count - 1),
  )
  const first = nodes[0]
  if (!first) throw new Error("A cluster has at least one node")
  const { people, lab, general } = await createWorld(first.chat)

  return {
    nodes,
    redis,
    databaseUrl: database.url,
    lab,
    general,
    room: { serverId: lab.id, channelId: general.id },
    startNode,
    node(index: number): TestNode {
      const node = nodes[index]
      if (!node) throw new Error(`There is no node ${index}`)
      return node
    },
    /** Someone of the cast at a node. */
    as(name: keyof World["people"], index: number): Person {
      const node = nodes[index]
      if (!node) throw new Error(`There is no node ${index}`)
      const person = personOf(node.chat, people[name])
      clients.push(person)
      return person
    },
    async [Symbol.asyncDispose]() {
      for (const { client } of clients) client.disconnect()
      await Promise.all(nodes.map((node) => node.stop()))
      await redis[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface NodePlace {
  databaseUrl: string
  redisUrl: string
  folder: string
  environment: Record<string, string>
  outside: Outside
}

async function createNode(place: NodePlace): Promise<TestNode> {
  const { databaseUrl, redisUrl, folder, environment, outside } = place
  const [postgres, redis] = await Promise.all([wayTo(databaseUrl), wayTo(redisUrl)])
  const config = testConfig({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    FILES_URL: join(folder, "files"),
    ...environment,
  })
  const database = await openPostgres(postgres.url, { connections })
  const cluster = createCluster(config, database, silent)
  const chat = createChat({ config, database, log: silent, cluster, outside })
  const app = createApp(chat, await openAssets(join(import.meta.dir, "../../static")))
  chat.start()
  let isStopped = false
  async function stop() {
    if (isStopped) return
    isStopped = true
    chat.close()
    await chat.leave()
    await database.close()
    redis.way.close()
    postgres.way.close()
  }
  return { chat, app, redis: redis.way, postgres: postgres.way, stop }
}

/** A way to a service that can be cut, and the address through it. */
async function wayTo(address: string) {
  const url = new URL(address)
  const way = await createProxy(Number(url.port))
  url.port = new URL(way.origin).port
  return { way, url: url.href }
}

async function createWorld(chat: Chat): Promise<World> {
  const alice = await signUp(chat, "alice")
  const bob = await signUp(chat, "bob")
  const mallory = await signUp(chat, "mallory")
  const lab = expectData(await alice.client.mutate("createServer", { name: "Lab" }))
  const general = expectData(
    await alice.client.mutate("createChannel", { serverId: lab.id, name: "general" }),
  )
  const invite = expectData(await alice.client.mutate("createInvite", { serverId: lab.id, maxUses: 1 }))
  // A quiet server: what it says by itself would be one more message in most tests.
  await chat.commits.decide((tx) => updateServer(tx, lab.id, { systemChannelId: null }))
  expectData(await bob.client.mutate("joinServer", { code: invite.code }))
  for (const { client } of [alice, bob, mallory]) client.disconnect()
  return { people: { alice, bob, mallory }, lab, general }
}
