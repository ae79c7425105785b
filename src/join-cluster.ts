import { inArray } from "drizzle-orm"
import { channels } from "../drizzle/schema.ts"
import type { Cluster } from "./cluster/cluster.ts"
import { ClusterNode } from "./cluster/node.ts"
import type { Db } from "./db/database.ts"
import { accessRevoked } from "./features/permissions/access.ts"
import type { AccessFollower } from "./features/permissions/access-follower.ts"
import type { Services } from "./features/services.ts"
import type { Grant, InternalSidekick, Params, ServerToSidekickConnection } from "./kernel/index.ts"

/** Longer than it takes to decide who may connect, in milliseconds. */
const maxConnectingMs = 10_000

/** Makes a chat a node of a cluster. */
export function joinCluster(services: Services, cluster: Cluster): ClusterNode {
  const { access, db, report, roomFeeds, sessions, sidekick, userFeeds, workers } = services
  return new ClusterNode({
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
