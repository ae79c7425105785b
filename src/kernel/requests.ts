import type { ChannelFault } from "./result.ts"
import type { ClientFrame, ClientToSidekickConnection, SidekickFrame } from "./wire.ts"

/** A channel's refusal as an error to catch; it carries the fault's fields. */
export class ChannelFaultError extends Error implements ChannelFault {
  override readonly name = "ChannelFaultError"
  readonly fault: ChannelFault["fault"]
  readonly code?: number
  readonly retryAfterSeconds?: number

  constructor({ fault, message, code, retryAfterSeconds }: ChannelFault) {
    super(message)
    this.fault = fault
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The connection was lost before the answer came: whether the other side has it is not known. */
export class LostError extends ChannelFaultError {
  constructor() {
    super({ fault: "sidekick", message: "The live connection was lost before the answer came" })
  }
}

interface Pending {
  answered?(frame: SidekickFrame): void
  resolve(frame: SidekickFrame): void
  reject(error: ChannelFaultError): void
}

/** Frames that await their answer: each carries a `ref` that the answer repeats. */
export class Requests {
  private readonly pending = new Map<string, Pending>()
  private count = 0
  private abandoned = false

  constructor(private readonly sidekick: ClientToSidekickConnection) {}

  /**
   * Sends a frame and resolves with its answer; `answered` is called with it before anything that follows it is heard.
   * Rejects with a `ChannelFaultError`.
   */
  async send(frame: ClientFrame, answered?: (frame: SidekickFrame) => void): Promise<SidekickFrame> {
    if (this.abandoned) throw new ChannelFaultError(disconnected)
    const ref = String(this.count++)

    return new Promise((resolve, reject) => {
      this.pending.set(ref, { answered, resolve, reject })
      try {
        this.sidekick.sendMessage({ ...frame, ref })
      } catch {
        this.settle(ref)?.reject(new ChannelFaultError(unreachable))
      }
    })
  }

  /** Whether the frame was an answer that somebody awaited. */
  answer(frame: SidekickFrame): boolean {
    const pending = "ref" in frame && frame.ref !== undefined ? this.settle(frame.ref) : undefined
    if (frame.type === "error") pending?.reject(new ChannelFaultError(frame.error))
    else {
      pending?.answered?.(frame)
      pending?.resolve(frame)
    }

    return pending !== undefined
  }

  /** No answer comes to anything that was sent: rejects it with a `LostError`, in the order it was sent. */
  lose(): void {
    for (const ref of [...this.pending.keys()]) this.settle(ref)?.reject(new LostError())
  }

  /** Rejects everything that still waits, and whatever is sent later. */
  abandon(): void {
    this.abandoned = true
    for (const ref of [...this.pending.keys()]) this.settle(ref)?.reject(new ChannelFaultError(disconnected))
  }

  private settle(ref: string): Pending | undefined {
    const pending = this.pending.get(ref)
    this.pending.delete(ref)

    return pending
  }
}

const unreachable: ChannelFault = { fault: "sidekick", message: "The live connection cannot be reached" }
const disconnected: ChannelFault = { fault: "sidekick", message: "Disconnected" }
