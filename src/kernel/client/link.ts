import type { ChannelFault } from "../result.ts"
import type { ClientToSidekickConnection, LinkState } from "../wire.ts"
import { ChannelFaultError, disconnected } from "./errors.ts"

/** Callbacks of a link. */
export interface LinkHooks {
  /** It is open again, and the sidekick has forgotten everything about this client. */
  onOpen(): void
  /** It is lost, and will reconnect by itself. */
  onLost(): void
  /** The sidekick ended it; it will not reconnect by itself. */
  onEnded(reason: ChannelFault): void
}

interface Waiter {
  resolve(): void
  reject(error: Error): void
}

/** Tracks whether frames reach the sidekick. A connection without `onState` is always open. */
export class Link {
  readonly #sidekick: ClientToSidekickConnection
  readonly #hooks: LinkHooks
  readonly #unsubscribe: (() => void) | undefined
  #waiting: Waiter[] = []
  #isOpen: boolean
  #isClosed = false

  constructor(sidekick: ClientToSidekickConnection, hooks: LinkHooks) {
    this.#sidekick = sidekick
    this.#hooks = hooks
    this.#isOpen = sidekick.onState === undefined
    this.#unsubscribe = sidekick.onState?.((state) => this.#onState(state))
  }

  /** Whether it can be lost; then it also reconnects. */
  get canBeLost(): boolean {
    return this.#sidekick.onState !== undefined
  }

  /** Whether frames reach the sidekick right now. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Resolves once the link is open, and opens it if necessary. Rejects when it was ended or closed. */
  whenOpen(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new ChannelFaultError(disconnected))
    if (this.#isOpen) return Promise.resolve()

    // Not `Promise.withResolvers`: Node has it since 22.
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#sidekick.wake?.()
    })
  }

  /** Stops tracking; everything that waits is rejected. */
  close(): void {
    this.#isClosed = true
    this.#unsubscribe?.()
    this.#rejectWaiting(disconnected)
  }

  #onState(state: LinkState): void {
    this.#isOpen = state.type === "open"
    if (state.type === "open") {
      // Subscriptions are restored before anything else is sent.
      this.#hooks.onOpen()
      for (const { resolve } of this.#takeWaiting()) resolve()
    } else if (state.type === "lost") this.#hooks.onLost()
    else {
      this.#hooks.onEnded(state.reason)
      this.#rejectWaiting(state.reason)
    }
  }

  #rejectWaiting(reason: ChannelFault): void {
    for (const { reject } of this.#takeWaiting()) reject(new ChannelFaultError(reason))
  }

  #takeWaiting(): Waiter[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }
}
