import type { ChannelFault } from "../result.ts"
import type { ClientFrame, ClientToSidekickConnection, SidekickFrame } from "../wire.ts"
import { ChannelFaultError, ConnectionLostError, disconnected } from "./errors.ts"

const unreachable: ChannelFault = { fault: "sidekick", message: "The live connection cannot be reached" }

interface PendingRequest {
  onAnswer?(frame: SidekickFrame): void
  resolve(frame: SidekickFrame): void
  reject(error: ChannelFaultError): void
}

/** Sends frames and matches their answers by `ref`. */
export class Requests {
  readonly #sidekick: ClientToSidekickConnection
  readonly #pending = new Map<string, PendingRequest>()
  #count = 0
  #isClosed = false

  constructor(sidekick: ClientToSidekickConnection) {
    this.#sidekick = sidekick
  }

  /**
   * Sends a frame and resolves with its answer. `onAnswer` is called with it at once, before any later frame is
   * handled. Rejects with a `ChannelFaultError`; if the connection is lost meanwhile, with a `ConnectionLostError`.
   */
  async send(frame: ClientFrame, onAnswer?: (frame: SidekickFrame) => void): Promise<SidekickFrame> {
    if (this.#isClosed) throw new ChannelFaultError(disconnected)
    const ref = String(this.#count++)

    return new Promise((resolve, reject) => {
      this.#pending.set(ref, { onAnswer, resolve, reject })
      try {
        this.#sidekick.sendMessage({ ...frame, ref })
      } catch {
        this.#take(ref)?.reject(new ChannelFaultError(unreachable))
      }
    })
  }

  /** Handles a frame if it answers a request. Returns whether it does. */
  answer(frame: SidekickFrame): boolean {
    const pending = "ref" in frame && frame.ref !== undefined ? this.#take(frame.ref) : undefined
    if (frame.type === "error") pending?.reject(new ChannelFaultError(frame.error))
    else {
      pending?.onAnswer?.(frame)
      pending?.resolve(frame)
    }

    return pending !== undefined
  }

  /** Rejects all pending requests with a `ConnectionLostError`, in the order they were sent. */
  lose(): void {
    for (const ref of [...this.#pending.keys()]) this.#take(ref)?.reject(new ConnectionLostError())
  }

  /** Rejects all pending requests, and every later one. */
  close(): void {
    this.#isClosed = true
    for (const ref of [...this.#pending.keys()]) this.#take(ref)?.reject(new ChannelFaultError(disconnected))
  }

  #take(ref: string): PendingRequest | undefined {
    const pending = this.#pending.get(ref)
    this.#pending.delete(ref)

    return pending
  }
}
