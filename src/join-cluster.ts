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
import type {
  Grant,
  GrantsElsewhere,
  InternalSidekick,
  Params,
  ServerToSidekickConnection,
} from "./kernel/index.ts"
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
  const { access, db, listChanges, look, report, roomFeeds, sessions, sidekick, userFeeds, workers } =
    services
  return new ChatNode({
    ...{ cluster, access, listChanges, look, sessions, sidekick, workers, report },
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

/** Tokens of programs, which may be used at another node than the one that gave them out. */
export function grantsOfOtherNodes(
  { grants }: Cluster,
  { db, access, report }: Pick<Services, "db" | "report"> & { access: () => Pick<AccessFollower, "seq"> },
): GrantsElsewhere {
  return {
    take: (token, add) =>
      addIfStillAllowed(token, add).catch((error) => void report(error, "a token of another node")),
    onUsed: (token) => void grants.remove(token),
  }

  async function addIfStillAllowed(token: string, add: (grant: Grant) => void): Promise<void> {
    const grant = await grants.take(token)
    if (!grant) return

    // Nothing is awaited between the last look at who lost access and `add`: later losses revoke what was added.
    for (let seq = -1; seq !== access().seq; ) {
      seq = access().seq
      if ((await accessRevoked(db, grant.params, grant.context)) !== null) return
    }
    add(grant)
  }
}

/** Grants connections to programs, which may use the token at any node. */
export function shareGrants(
  connection: Pick<ServerToSidekickConnection, "addConnection">,
  { grants }: Cluster,
): Pick<ServerToSidekickConnection, "addConnection"> {
  return {
    async addConnection(grant) {
      const failure = await connection.addConnection(grant)
      if (!failure) await grants.put(grant)
      return failure
    },
  }
}

interface GuardOptions {
  db: Db
  access: AccessFollower
  /** Is this the only process? Then nothing has ended before it ended something. */
  isAlone?: boolean
}

/**
 * Asks once more whether someone may connect, when the end of access was applied since that was decided: what was decided
 * may have been read before, and nobody ends a connection afterwards that was not there.
 */
export function guardConnections(
  connection: ServerToSidekickConnection,
  { db, access, isAlone = false }: GuardOptions,
): ServerToSidekickConnection {
  async function addConnection(grant: Grant): Promise<Error | null> {
    if (!isAlone && !access.isStarted) await access.catchUp()
    const { seq, movedAt } = access
    const isDoubtful = performance.now() - movedAt < maxConnectingMs
    if (isDoubtful && (await accessRevoked(db, grant.params, grant.context)) !== null)
      return new Error("The access was revoked meanwhile")

    return access.seq === seq ? connection.addConnection(grant) : addConnection(grant)
  }
  return { ...connection, addConnection }
}
