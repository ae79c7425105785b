import type { ConnectionSelector, EvictReason } from "../kernel/index.ts"
import type { ConnectionContext } from "./messages/contract.ts"

const signedOut = { code: 401, message: "You are signed out" }
const gone = (what: string) => ({ code: 404, message: `This ${what} was deleted` })

/** Whoever holds live connections: those of this process, and a sidekick's where there is one. */
interface Holder {
  evict(which: ConnectionSelector, reason: EvictReason): unknown
}

/** Which connections, by what all channels of the contract have in their context. */
interface Which extends ConnectionSelector {
  context?: { [Field in keyof ConnectionContext]?: string }
  exceptContext?: { [Field in keyof ConnectionContext]?: string }
}

/**
 * Ends live connections whose right to be there has ended, on every transport, at once: call it as soon as
 * the change is committed and before anything else is announced.
 */
export class Evictions {
  constructor(private readonly holder: Holder) {}

  sessionEnded(sessionId: string): void {
    this.#evict({ context: { sessionId } }, signedOut)
  }

  /** All of a person's sessions, or all but one. */
  sessionsEnded(userId: string, { except }: { except?: string } = {}): void {
    const exceptContext = except ? { sessionId: except } : undefined
    this.#evict({ context: { userId }, exceptContext }, signedOut)
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

/** `presence` is scoped by channel alone, `chat` by server too. */
function within(serverId: string, channelIds: string[]) {
  return { serverId: [serverId], channelId: channelIds }
}
