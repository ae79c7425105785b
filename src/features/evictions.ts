import type { InternalSidekick } from "../kernel/index.ts"
import type { ConnectionContext } from "./messages/contract.ts"

const signedOut = { code: 401, message: "You are signed out" }
const gone = (what: string) => ({ code: 404, message: `This ${what} was deleted` })

/**
 * Ends live connections whose right to be there has ended, on every transport, at once: call it as soon as
 * the change is committed and before anything else is announced.
 */
export class Evictions {
  constructor(private readonly sidekick: InternalSidekick) {}

  sessionEnded(sessionId: string): void {
    this.#evict((context) => context.sessionId === sessionId, signedOut)
  }

  /** All of a person's sessions, or all but one. */
  sessionsEnded(userId: string, { except }: { except?: string } = {}): void {
    this.#evict(
      (context) => context.userId === userId && (!except || context.sessionId !== except),
      signedOut,
    )
  }

  memberRemoved(serverId: string, channelIds: string[], userId: string): void {
    const inServer = within(serverId, channelIds)
    this.#evict((context, params) => context.userId === userId && inServer(params), {
      code: 403,
      message: "You are no longer a member of this server",
    })
  }

  serverDeleted(serverId: string, channelIds: string[]): void {
    const inServer = within(serverId, channelIds)
    this.#evict((_, params) => inServer(params), gone("server"))
  }

  channelDeleted(channelId: string): void {
    this.#evict((_, params) => params.channelId === channelId, gone("channel"))
  }

  #evict(
    where: (context: ConnectionContext, params: Record<string, string>) => boolean,
    reason: { code: number; message: string },
  ): void {
    // Both channels of the contract have this context.
    this.sidekick.evict({ where: (context, params) => where(context as ConnectionContext, params) }, reason)
  }
}

/** `presence` is scoped by channel alone, `chat` by server too. */
function within(serverId: string, channelIds: string[]) {
  const channels = new Set(channelIds)
  return (params: Record<string, string>) =>
    params.serverId === serverId || (params.channelId !== undefined && channels.has(params.channelId))
}
