import type { ConnectionSelector, EvictReason } from "../../kernel/index.ts"
import type { ConnectionContext } from "./connection.ts"
import { signedOut } from "./wording.ts"

const sessionEnded = { code: 401, message: signedOut }
const gone = (what: string) => ({ code: 404, message: `This ${what} was deleted` })

/** What holds live connections: this process, and a sidekick where there is one. */
interface ConnectionHolder {
  evict(which: ConnectionSelector, reason: EvictReason): unknown
}

/** Selects connections by what every channel of the contract has in its context. */
interface Which extends ConnectionSelector {
  context?: { [Field in keyof ConnectionContext]?: string }
  exceptContext?: { [Field in keyof ConnectionContext]?: string }
}

/**
 * Ends live connections whose permission has ended, at once and on every transport. Call it as soon as the change is
 * committed, before anything else is announced.
 */
export class Evictions {
  constructor(private readonly holder: ConnectionHolder) {}

  sessionEnded(sessionId: string): void {
    this.#evict({ context: { sessionId } }, sessionEnded)
  }

  /** All sessions of a user, or all but one. */
  sessionsEnded(userId: string, { except }: { except?: string } = {}): void {
    const exceptContext = except ? { sessionId: except } : undefined
    this.#evict({ context: { userId }, exceptContext }, sessionEnded)
  }

  memberRemoved(serverId: string, channelIds: string[], userId: string): void {
    this.#evict(
      { context: { userId }, anyParam: within(serverId, channelIds) },
      { code: 403, message: "You are no longer a member of this server" },
    )
  }

  serverDeleted(serverId: string, channelIds: string[]): void {
    this.#evict({ anyParam: within(serverId, channelIds) }, gone("server"))
  }

  channelDeleted(channelId: string): void {
    this.#evict({ params: { channelId } }, gone("channel"))
  }

  #evict(which: Which, reason: EvictReason): void {
    this.holder.evict(which as ConnectionSelector, reason)
  }
}

/** The params of `presence` name only a channel, those of `chat` its server too. */
function within(serverId: string, channelIds: string[]) {
  return { serverId: [serverId], channelId: channelIds }
}
