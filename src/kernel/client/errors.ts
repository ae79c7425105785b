import type { ChannelFault } from "../result.ts"

/** A channel's refusal as an error. It carries the fault's fields. */
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

/** The connection was lost before the answer arrived, so it is unknown whether the request was processed. */
export class ConnectionLostError extends ChannelFaultError {
  constructor() {
    super({ fault: "sidekick", message: "The live connection was lost before the answer came" })
  }
}

/** Too many changes were missed to get them one by one: those after `after`, up to `seq`, must be loaded otherwise. */
export interface Gap {
  /** The last change received before; `undefined` when there was none. */
  after: number | undefined
  seq: number
}

/** A `Gap` that no `onGap` handled. */
export class GapError extends Error implements Gap {
  override readonly name = "GapError"
  readonly after: number | undefined
  readonly seq: number

  constructor({ after, seq }: Gap) {
    super(
      `Too many changes were missed after ${after ?? "the beginning"} up to ${seq}: load them anew (onGap)`,
    )
    this.after = after
    this.seq = seq
  }
}

/** The client was disconnected by its own program. */
export const disconnected: ChannelFault = { fault: "sidekick", message: "Disconnected" }
