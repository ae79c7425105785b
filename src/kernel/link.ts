import { ChannelFaultError } from "./requests.ts"
import type { ChannelFault } from "./result.ts"
import type { ClientToSidekickConnection, LinkState } from "./wire.ts"

/** What is told of a link as it changes. */
export interface LinkHooks {
  /** Frames pass again, and the other side has forgotten everything. */
  opened(): void
  /** Nothing passes for now. */
  lost(): void
  /** It was ended from the other side and does not come back by itself. */
  ended(reason: ChannelFault): void
}

/** Whether frames reach the sidekick right now. A connection that says nothing of it always does. */
export class Link {
  private waiting: { resolve(): void; reject(error: Error): void }[] = []
  private open: boolean
  private closed = false
  private readonly stopHearing: (() => void) | undefined

  constructor(
    private readonly sidekick: ClientToSidekickConnection,
    private readonly hooks: LinkHooks,
  ) {
    this.open = sidekick.onState === undefined
    this.stopHearing = sidekick.onState?.((state) => this.hear(state))
  }

  /** Does it come back when it is lost? */
  get canBeLost(): boolean {
    return this.sidekick.onState !== undefined
  }

  get isOpen(): boolean {
    return this.open
  }

  /** Resolves once frames pass. Rejects when that is not to be expected. */
  opened(): Promise<void> {
    if (this.closed) return Promise.reject(new ChannelFaultError(disconnected))
    if (this.open) return Promise.resolve()

    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.sidekick.wake?.()
    })
  }

  close(): void {
    this.closed = true
    this.stopHearing?.()
    this.giveUp(disconnected)
  }

  private hear(state: LinkState): void {
    this.open = state.type === "open"
    if (state.type === "open") {
      // What was subscribed comes first, then whoever waits.
      this.hooks.opened()
      const waiting = this.waiting
      this.waiting = []
      for (const { resolve } of waiting) resolve()
    } else if (state.type === "lost") this.hooks.lost()
    else {
      this.hooks.ended(state.reason)
      this.giveUp(state.reason)
    }
  }

  private giveUp(reason: ChannelFault): void {
    const waiting = this.waiting
    this.waiting = []
    for (const { reject } of waiting) reject(new ChannelFaultError(reason))
  }
}

const disconnected: ChannelFault = { fault: "sidekick", message: "Disconnected" }
