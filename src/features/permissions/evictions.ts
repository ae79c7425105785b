import type { ConnectionSelector, EvictReason } from "../../kernel/index.ts"
import type { ConnectionContext } from "./connection.ts"
import { signedOut } from "./wording.ts"

/** Access that ended with a commit. `ChangeSet.end` collects it. */
export type EndedAccess =
  /** A session, or a bot's token. */
  | { of: "session"; sessionId: string }
  /** All sessions or tokens of a user, or all but one session. */
  | { of: "user"; userId: string; exceptSessionId?: string }
  | { of: "membership"; userId: string; serverId: string; channelIds: string[] }
  | { of: "server"; serverId: string; channelIds: string[] }
  | { of: "channel"; channelId: string }
  /**
   * The right to view listed channels, and so their threads. Without `userIds` it is not known whose: everyone there has
   * to connect again, which those who lost it cannot. `mayReturn`: they lost only a part of it, such as the history, and
   * are given the rest when they connect again.
   */
  | { of: "view"; serverId: string; channelIds: string[]; userIds?: string[]; mayReturn?: true }

/** Every kind of `EndedAccess`: what another node wrote may be of a later version, and of none of these. */
const kinds: Record<EndedAccess["of"], true> = {
  session: true,
  user: true,
  membership: true,
  server: true,
  channel: true,
  view: true,
}

/** Can this version enforce an entry of the log of ended access? */
export function isKnownAccess(access: { of: string }): access is EndedAccess {
  return Object.hasOwn(kinds, access.of)
}

/** Holds live connections: this process, or a standalone sidekick. */
interface ConnectionHolder {
  evict(selector: ConnectionSelector, reason: EvictReason): unknown
}

/** Caches sessions by their credential. */
interface SessionCache {
  forgetHere(selector: { sessionId: string } | { userId: string }): void
}

/** Selects connections by the fields of `ConnectionContext`, which all Covenant channels have. */
interface ContextSelector extends ConnectionSelector {
  context?: { [Field in keyof ConnectionContext]?: string }
  anyContext?: { [Field in keyof ConnectionContext]?: string[] }
  exceptContext?: { [Field in keyof ConnectionContext]?: string }
}

/** Enforces the end of access immediately: evicts cached sessions, and live connections on all transports. */
export class Evictions {
  readonly #connections: ConnectionHolder
  readonly #sessions: SessionCache

  constructor(connections: ConnectionHolder, sessions: SessionCache) {
    this.#connections = connections
    this.#sessions = sessions
  }

  end(access: EndedAccess): void {
    if (access.of === "session") this.#sessions.forgetHere({ sessionId: access.sessionId })
    if (access.of === "user") this.#sessions.forgetHere({ userId: access.userId })
    this.#connections.evict(connectionsOf(access) as ConnectionSelector, reasonOf(access))
  }
}

function connectionsOf(access: EndedAccess): ContextSelector {
  switch (access.of) {
    case "session":
      return { context: { sessionId: access.sessionId } }
    case "user": {
      const { userId, exceptSessionId } = access
      return {
        context: { userId },
        exceptContext: exceptSessionId ? { sessionId: exceptSessionId } : undefined,
      }
    }
    case "membership":
      return { context: { userId: access.userId }, anyParam: within(access) }
    case "server":
      return { anyParam: within(access) }
    case "channel":
      return { params: { channelId: access.channelId } }
    case "view": {
      const { channelIds: rootId, userIds: userId } = access
      return { anyContext: userId ? { rootId, userId } : { rootId } }
    }
  }
}

function reasonOf(access: EndedAccess): EvictReason {
  const { of } = access
  if (of === "session" || of === "user") return { code: 401, message: signedOut }
  if (of === "membership") return { code: 403, message: "You are no longer a member of this server" }
  // Clients connect again after 503, and not after the others.
  if (of === "view" && (!access.userIds || access.mayReturn)) return { code: 503, message: "Connect again" }
  if (of === "view") return { code: 403, message: "You may no longer view this channel" }
  return { code: 404, message: `This ${of} was deleted` }
}

/** Matches either param: `presence` has only a `channelId`, `activity` only a `serverId`, `chat` has both. */
function within({ serverId, channelIds }: { serverId: string; channelIds: string[] }) {
  return { serverId: [serverId], channelId: channelIds }
}
