import { storageFailure, storageRetrySeconds, storageUnavailable } from "../db/failures.ts"
import { Refusal } from "../kernel/index.ts"
import { requestIdOf } from "../web/request-id.ts"
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

/**
 * Creates the handler of unexpected errors: it logs the error with the request's id and returns what the caller is
 * told, and adds it to `failures`, newest first. Status 503 when the database failed, otherwise 500 with the request id, so that the error can be found.
 */
export function createErrorReporter(log: Logger, failures: RecentFailure[] = []) {
  return (error: unknown, where: string, request?: { headers: Headers }): Refusal => {
    const requestId = requestIdOf(request)
    const failure = storageFailure(error)
    failures.unshift({ at: new Date(), where, message: failure?.cause ?? messageOf(error) })
    failures.length = Math.min(failures.length, maxFailures)
    if (failure) {
      log.error(`The database failed in ${where}: ${failure.cause}`, { requestId, code: failure.code })
      return new Refusal(storageUnavailable, 503, { retryAfterSeconds: storageRetrySeconds })
    }

    log.error(`Unexpected error in ${where}`, { requestId, error })
    return new Refusal(
      `Something went wrong. Try again; if it keeps happening, report it with reference ${requestId}`,
      500,
    )
  }
}
