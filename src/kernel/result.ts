import type { z } from "zod"

/** Who is to blame: the caller, our own code, or the delivery between them. */
export type Fault = "client" | "server" | "sidekick"

/** One field that did not fit its schema; `path` is dotted (`author.name`) and empty for the value itself. */
export interface Issue {
  path: string
  message: string
}

/** Why a procedure failed. `code` is an HTTP status, `message` is for people and safe to show. */
export interface ProcedureError {
  message: string
  code: number
  /** When a retry makes sense, in seconds. */
  retryAfterSeconds?: number
  /** Every field that was wrong, when the input did not fit its schema (code 400). */
  issues?: Issue[]
}

/** What a procedure call comes back with; it never throws. `resources` names what the answer depends on. */
export type ProcedureResult<T> =
  | { success: true; data: T; error: null; resources: string[] }
  | { success: false; data: null; error: ProcedureError; resources: null }

/** Why a channel refused. `code`, when given, is an HTTP status; `message` is for people and safe to show. */
export interface ChannelFault {
  fault: Fault
  message: string
  code?: number
  /** When a retry makes sense, in seconds. */
  retryAfterSeconds?: number
}

/** Extras of a refusal. */
export interface RefusalOptions {
  retryAfterSeconds?: number
  issues?: Issue[]
}

/**
 * Told of everything thrown that is no `Refusal`: where, for example `procedure getMessages`, and by which request,
 * where there is one. A `Refusal` that it returns is what the caller is told instead of `unexpectedMessage`.
 */
export type OnUnexpected = (error: unknown, where: string, request?: { headers: Headers }) => unknown

/** What people read when something broke that they cannot help. */
export const unexpectedMessage = "Something went wrong"

/** An expected failure on its way to the caller. Thrown by `error` and `reject`; everything else thrown is a bug. */
export class Refusal extends Error {
  override readonly name = "Refusal"
  readonly fault: Fault
  readonly code: number | undefined
  readonly options: RefusalOptions

  constructor(message: string, faultOrCode: Fault | number, options: RefusalOptions = {}) {
    super(message)
    this.fault = typeof faultOrCode === "number" ? faultOfCode(faultOrCode) : faultOrCode
    this.code = typeof faultOrCode === "number" ? faultOrCode : undefined
    this.options = options
  }
}

/** Throws a `Refusal`. A number is an HTTP status: 5xx is the server's fault, everything else the client's. */
export function refuse(message: string, faultOrCode: Fault | number, options?: RefusalOptions): never {
  throw new Refusal(message, faultOrCode, options)
}

/**
 * The one funnel for whatever was thrown: a `Refusal` passes, anything else is reported and becomes what the
 * reporter makes of it, or a 500 that says nothing of its cause.
 */
export function refusalFrom(
  thrown: unknown,
  where: string,
  onUnexpected: OnUnexpected,
  request?: { headers: Headers },
): Refusal {
  if (thrown instanceof Refusal) return thrown
  const instead = onUnexpected(thrown, where, request)

  return instead instanceof Refusal ? instead : new Refusal(unexpectedMessage, 500)
}

/** A refusal as a procedure answers it. */
export function procedureErrorOf({ message, fault, code, options }: Refusal): ProcedureError {
  return withoutUndefined({ message, code: code ?? (fault === "client" ? 400 : 500), ...options })
}

/** A refusal as a channel answers it. */
export function channelFaultOf({ message, fault, code, options }: Refusal): ChannelFault {
  return withoutUndefined({ fault, message, code, retryAfterSeconds: options.retryAfterSeconds })
}

/** Parses what a caller sent. Refuses with 400, every issue, and a message that names the first field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error)

  return refuse(sentenceOf(issues), 400, { issues })
}

/** Parses what our own code made. Throws a plain `Error`, a bug, when it does not fit its schema. */
export function parseOwn<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data

  throw new Error(`${what} does not fit its schema: ${sentenceOf(issuesOf(parsed.error))}`)
}

/** Wraps a reporter so that reporting cannot fail; without one it writes to the console. */
export function safeReporter(onUnexpected: OnUnexpected | undefined): OnUnexpected {
  return (error, where, request) => {
    try {
      if (onUnexpected) return onUnexpected(error, where, request)
      // biome-ignore lint/suspicious/noConsole: a bug must be seen even where nobody configured a log
      console.error(`Unexpected error in ${where}:`, error)
    } catch {
      // A broken log must not take the answer down with it.
    }
  }
}

/** Runs somebody else's callback, maybe asynchronous: what it throws is reported and hinders nobody. */
export function guard(callback: () => unknown, where: string, report: OnUnexpected): void {
  try {
    const done = callback()
    if (done instanceof Promise) done.catch((error) => report(error, where))
  } catch (error) {
    report(error, where)
  }
}

function faultOfCode(code: number): Fault {
  return code >= 500 ? "server" : "client"
}

function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }))
}

function sentenceOf([first]: Issue[]): string {
  if (!first) return "Invalid input"

  return first.path ? `${first.path}: ${first.message}` : first.message
}

// Frames and answers go through encoders that do not all drop undefined as JSON does.
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}
