import { type OnUnexpected, runSafely } from "../report.ts"
import type { ChannelFault } from "../result.ts"
import type { Params } from "../topic.ts"
import type { SidekickFrame } from "../wire.ts"

/** What an error frame is about. */
export interface ErrorSubject {
  channel?: string
  params?: Params
  ref?: string
  token?: string
}

/** Sends frames to the handlers of one client. */
export class FrameSender {
  readonly #handlers = new Set<(frame: SidekickFrame) => unknown>()
  readonly #report: OnUnexpected

  constructor(report: OnUnexpected) {
    this.#report = report
  }

  /** Adds a handler. The returned function removes it. */
  onFrame(handler: (frame: SidekickFrame) => unknown): () => void {
    // A function of its own, so that the same handler can be added twice.
    const own = (frame: SidekickFrame) => handler(frame)
    this.#handlers.add(own)

    return () => this.#handlers.delete(own)
  }

  /** Sends a frame to all handlers. An arrow function: it is also a subscriber of topics. */
  readonly send = (frame: SidekickFrame): void => {
    for (const handler of this.#handlers) runSafely(() => handler(frame), "client handler", this.#report)
  }

  /** Sends an error frame. */
  sendError(fault: ChannelFault, { channel = "", params = {}, ref, token }: ErrorSubject): void {
    const error = { channel, params, ...fault }
    this.send({ type: "error", error, ...refField(ref), ...(token !== undefined && { token }) })
  }

  /** Removes all handlers. */
  clear(): void {
    this.#handlers.clear()
  }
}

/** The `ref` of an answer; nothing when the frame it answers had none. */
export function refField(ref: string | undefined): { ref?: string } {
  return ref === undefined ? {} : { ref }
}
