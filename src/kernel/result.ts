/** Who caused a failure: the caller, the server's code, or the delivery between them. */
export type Fault = "client" | "server" | "sidekick"

/** The HTTP status of a failure that names only a fault. `close-codes.ts` goes on from a status to a WebSocket. */
const statusByFault: Record<Fault, number> = { client: 400, server: 500, sidekick: 503 }

/** The HTTP status of a failure. */
export function statusOf({ code, fault = "server" }: { code?: number; fault?: Fault }): number {
  return code ?? statusByFault[fault]
}

/** Who caused a failure of that HTTP status. */
export function faultOf(status: number): Fault {
  return status >= 500 ? "server" : "client"
}

/** One field that does not fit its schema. `path` is dotted (`author.name`); it is empty for the whole value. */
export interface Issue {
  path: string
  message: string
}

/** Why a procedure failed. `code` is an HTTP status; `message` is written for users and safe to show. */
export interface ProcedureError {
  message: string
  code: number
  /** When to try again, in seconds. */
  retryAfterSeconds?: number
  /** Every invalid field, when the input does not fit its schema (code 400). */
  issues?: Issue[]
}

/** The result of a procedure; calling one never throws. `resources` names what the answer depends on or changed. */
export type ProcedureResult<T> =
  | { success: true; data: T; error: null; resources: string[] }
  | { success: false; data: null; error: ProcedureError; resources: null }

/** Why a channel refused. `code`, if set, is an HTTP status; `message` is written for users and safe to show. */
export interface ChannelFault {
  fault: Fault
  message: string
  code?: number
  /** When to try again, in seconds. */
  retryAfterSeconds?: number
}

/** Optional details of a refusal. */
export interface RefusalOptions {
  retryAfterSeconds?: number
  issues?: Issue[]
}

/**
 * The one expected error. `error` and `reject` throw it, and its message reaches the caller. Everything else that is
 * thrown is a bug: it is reported, and the caller only learns that something went wrong.
 */
export class Refusal extends Error {
  override readonly name = "Refusal"
  readonly fault: Fault
  readonly code: number | undefined
  readonly options: RefusalOptions

  /** A number is an HTTP status. */
  constructor(message: string, faultOrCode: Fault | number, options: RefusalOptions = {}) {
    super(message)
    this.fault = typeof faultOrCode === "number" ? faultOf(faultOrCode) : faultOrCode
    this.code = typeof faultOrCode === "number" ? faultOrCode : undefined
    this.options = options
  }

  /** Its code, or the HTTP status of its fault. */
  get status(): number {
    return statusOf(this)
  }
}

/** Throws a `Refusal`; see its constructor. */
export function refuse(message: string, faultOrCode: Fault | number, options?: RefusalOptions): never {
  throw new Refusal(message, faultOrCode, options)
}

/** A refusal in the form of a procedure's result. */
export function procedureErrorOf({ message, status, options }: Refusal): ProcedureError {
  return withoutUndefined({ message, code: status, ...options })
}

/** A refusal in the form of a channel's result. */
export function channelFaultOf({ message, fault, code, options }: Refusal): ChannelFault {
  return withoutUndefined({ fault, message, code, retryAfterSeconds: options.retryAfterSeconds })
}

/** ION, unlike JSON, encodes fields that are `undefined`. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}
