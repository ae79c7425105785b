import { storageFailure, storageRetrySeconds, storageUnavailable } from "../db/failures.ts"
import { Refusal } from "../kernel/index.ts"
import { requestIdOf } from "../web/request-id.ts"
import { fileFailure, filesUnavailable } from "./file-failures.ts"
import type { Logger } from "./log.ts"

/** An unexpected error that was reported. */
export interface RecentFailure {
  at: Date
  where: string
  message: string
}

/** Failures that are remembered for administrators; the log has all of them. */
const maxFailures = 50

/** The message of a Drizzle query error ends with the parameters, such as tokens and message texts. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "Something that is no error was thrown"
  return "params" in error ? "A statement failed" : error.message
}

/** How long the same failure at the same place is not logged again, in milliseconds: clients try again all the time. */
const repeatMs = 60_000
/** Of more places it is forgotten when they were logged: some are about one channel. */
const maxPlaces = 1000

/**
 * Creates the handler of unexpected errors: it logs the error with the request's id and returns what the caller is
 * told, and adds it to `failures`, newest first. Status 503 when the database or the file store failed, which is logged
 * once a minute for each place, otherwise 500 with the request id, so that the error can be found.
 */
export function createErrorReporter(
  log: Logger,
  failures: RecentFailure[] = [],
  now: () => number = () => performance.now(),
) {
  const logged = new Map<string, { at: number; repeated: number }>()
  const remember = (where: string, message: string) => {
    failures.unshift({ at: new Date(), where, message })
    failures.length = Math.min(failures.length, maxFailures)
  }
  const logFailure = (sentence: string, details: { requestId: string; code: string }): boolean => {
    const last = logged.get(sentence)
    if (last && now() - last.at < repeatMs) {
      last.repeated++
      return false
    }
    log.error(sentence, { ...details, ...(last?.repeated ? { repeated: last.repeated } : {}) })
    if (logged.size >= maxPlaces) logged.clear()
    logged.set(sentence, { at: now(), repeated: 0 })
    return true
  }
  return (error: unknown, where: string, request?: { headers: Headers }): Refusal => {
    const requestId = requestIdOf(request)
    const database = storageFailure(error)
    const failure = database ?? fileFailure(error)
    if (failure) {
      const { cause, code } = failure
      const store = database ? "database" : "file store"
      const isNew = logFailure(`The ${store} failed in ${where}: ${cause}`, { requestId, code })
      if (isNew) remember(where, cause)
      const text = database ? storageUnavailable : filesUnavailable
      return new Refusal(text, 503, { retryAfterSeconds: storageRetrySeconds })
    }

    remember(where, messageOf(error))
    log.error(`Unexpected error in ${where}`, { requestId, error })
    return new Refusal(
      `Something went wrong. Try again; if it keeps happening, report it with reference ${requestId}`,
      500,
    )
  }
}
