import type {
  ConnectionSelector,
  EvictReason,
  InternalSidekick,
  ServerToSidekickConnection,
} from "../kernel/index.ts"
import type { RemoteSidekick } from "./remote.ts"

/**
 * What a server announces reaches the readers in its own process, its pages, and those at a sidekick of its own, if
 * there is one. Connections are opened in the process: those for the sidekick are added there by name.
 */
export function both(
  own: InternalSidekick,
  remote: RemoteSidekick | null,
): ServerToSidekickConnection & { evict(which: ConnectionSelector, reason: EvictReason): void } {
  const pages = own.getConnectionFromServer()

  // Nothing is awaited before the second is told, or two announcements could overtake each other there.
  return {
    addConnection: (grant) => pages.addConnection(grant),
    async postMessage(message) {
      const told = pages.postMessage(message)
      void remote?.postMessage(message)
      return told
    },
    async update(resources) {
      const told = pages.update(resources)
      void remote?.update(resources)
      return told
    },
    evict(which, reason) {
      own.evict(which, reason)
      remote?.evict(which, reason)
    },
  }
}
