import type {
  ConnectionSelector,
  EvictReason,
  InternalSidekick,
  ServerToSidekickConnection,
} from "../kernel/index.ts"
import type { RemoteSidekick } from "./remote-sidekick.ts"

/** Takes announcements for readers elsewhere. */
type Announcements = Pick<ServerToSidekickConnection, "postMessage" | "update">

/** A server's connection to all of its sidekicks. */
type FanOut = ServerToSidekickConnection & { evict(which: ConnectionSelector, reason: EvictReason): void }

/**
 * Sends every announcement and eviction to the sidekick in this process, which serves the pages, and to the
 * standalone one, if there is one; announcements also to the other nodes of a cluster. New connections are added to the one in this process only; a connection for the
 * standalone sidekick names it when it is opened (`processConnection`).
 */
export function fanOut(
  local: InternalSidekick,
  remote: RemoteSidekick | null,
  nodes?: Announcements,
): FanOut {
  const connection = local.getConnectionFromServer()

  // Both are called before anything is awaited: otherwise two announcements could overtake each other at the second.
  return {
    addConnection: (grant) => connection.addConnection(grant),
    async postMessage(message) {
      const posted = connection.postMessage(message)
      void remote?.postMessage(message)
      void nodes?.postMessage(message)
      return posted
    },
    async update(resources) {
      const updated = connection.update(resources)
      void remote?.update(resources)
      void nodes?.update(resources)
      return updated
    },
    evict(which, reason) {
      local.evict(which, reason)
      remote?.evict(which, reason)
    },
  }
}
