import { type Chat, createChat } from "../../src/chat.ts"
import type { Config } from "../../src/config.ts"
import { openPostgres } from "../../src/db/postgres/open.ts"
import { createCluster } from "../../src/join-cluster.ts"
import { until } from "./listen.ts"
import { emptyRedis } from "./services.ts"
import { isOnPostgres, testConfig } from "./test-database.ts"

/**
 * With `NODES=2` every test chat has two nodes on one Postgres: alice is at the first, the others are at the second, so
 * that writers and readers are mostly at different ones.
 */
export const hasTwoNodes = isOnPostgres && process.env.NODES === "2"

type ChatOptions = Omit<Parameters<typeof createChat>[0], "cluster">

/** Creates a chat; with `NODES=2` also its second node. `second` is the same chat otherwise. */
export async function createNodes(options: ChatOptions, environment: Record<string, string>) {
  if (!hasTwoNodes) {
    const chat = createChat(options)
    return { chat, second: chat, closeNodes: async () => chat.close() }
  }

  const redis = await emptyRedis()
  const config = testConfig({ ...environment, ...addressesOf(options.config), REDIS_URL: redis.url })
  const database = await openPostgres(addressesOf(config).DATABASE_URL, { connections })
  const chat = createNode({ ...options, config })
  const second = createNode({ ...options, config, database })
  const nodes = [chat, second]
  await until("both nodes hear each other", () =>
    nodes.every(({ node }) => node?.bus.isUp && [...node.bus.nodes].length === 1),
  )

  async function closeNodes(): Promise<void> {
    for (const node of nodes) node.close()
    await Promise.all(nodes.map((node) => node.leave()))
    await database.close()
    await redis[Symbol.asyncDispose]()
  }
  return { chat, second, closeNodes }
}

const connections = { read: 3, append: 2, decide: 1, note: 1 }

function createNode(options: ChatOptions): Chat {
  const { config, database, log } = options
  const chat = createChat({ ...options, cluster: createCluster(config, database, log) })
  // Without duties, as in a chat of one node: tests start those that they need.
  chat.node?.start()
  return chat
}

/** Where a test chat's data is, as environment variables. */
function addressesOf({ database, storage }: Config): { DATABASE_URL: string; FILES_URL: string } {
  if (!("url" in database && "folder" in storage)) throw new Error("Two nodes need Postgres and a folder")
  return { DATABASE_URL: database.url, FILES_URL: storage.folder }
}
