import { inArray } from "drizzle-orm"
import { channels } from "../drizzle/schema.ts"
import { ChatNode } from "./cluster/chat-node.ts"
import { Cluster } from "./cluster/cluster.ts"
import type { Config } from "./config.ts"
import type { Database, Db } from "./db/database.ts"
import { PostgresVersions } from "./db/postgres/versions.ts"
import { accessRevoked } from "./features/permissions/access.ts"
import type { AccessFollower } from "./features/permissions/access-follower.ts"
import type { Services } from "./features/services.ts"
import type { Grant, InternalSidekick, Params, ServerToSidekickConnection } from "./kernel/index.ts"
import type { Logger } from "./observability/log.ts"
import { createErrorReporter } from "./observability/unexpected.ts"

/** Longer than it takes to decide who may connect, in milliseconds. */
const maxConnectingMs = 10_000

/** Connects this process with the others of its installation; `undefined` where it is the only one. */
export function createCluster(
  { database, authSecret }: Pick<Config, "database" | "authSecret">,
  { dataVersions }: Pick<Database, "dataVersions">,
  log: Logger,
): Cluster | undefined {
  if (!("url" in database && database.redisUrl && dataVersions instanceof PostgresVersions)) return undefined

  return new Cluster({
    databaseUrl: database.url,
    redisUrl: database.redisUrl,
    secret: authSecret,
    versions: dataVersions,
    log,
    report: createErrorReporter(log),
  })
}

/** Makes a chat a node of a cluster. */
export function joinCluster(services: Services, cluster: Cluster): ChatNode {
  const { access, db, report, roomFeeds, sessions, sidekick, userFeeds, workers } = services
  return new ChatNode({
    ...{ cluster, access, sessions, sidekick, workers, report },
    *rooms() {
      for (const { room, feed } of roomFeeds.open) {
        yield { channelId: room.channelId, behind: (seq) => feed.behind(seq) }
      }
    },
    *pages() {
      yield* roomFeeds.open
      yield* userFeeds.open
    },
    heads: (ids) =>
      db.select({ id: channels.id, seq: channels.seq }).from(channels).where(inArray(channels.id, ids)).all(),
  })
}

/** Posts to the readers of this process only. */
export function localPoster(sidekick: InternalSidekick) {
  const connection = sidekick.getConnectionFromServer()
  return {
    postChannelMessage: (channel: string, params: Params, data: unknown) =>
      connection.postMessage({ channel, params, data }),
  }
}

/**
 * Asks once more whether someone may connect, when the end of access was applied since that was decided: what was decided
 * may have been read before, and nobody ends a connection afterwards that was not there.
 */
export function guardConnections(
  connection: ServerToSidekickConnection,
  { db, access }: { db: Db; access: AccessFollower },
): ServerToSidekickConnection {
  async function addConnection(grant: Grant): Promise<Error | null> {
    if (!access.isStarted) await access.catchUp()
    const { seq, movedAt } = access
    const isDoubtful = performance.now() - movedAt < maxConnectingMs
    if (isDoubtful && (await accessRevoked(db, grant.params, grant.context)) !== null)
      return new Error("The right to be there ended meanwhile")

    return access.seq === seq ? connection.addConnection(grant) : addConnection(grant)
  }
  return { ...connection, addConnection }
}
