import { storageFailure, storageRetrySeconds, storageUnavailable } from "../db/failures.ts"
import { Refusal } from "../kernel/index.ts"
import { requestIdOf } from "../web/request-id.ts"
import type { Logger } from "./log.ts"

/**
 * Creates the handler of unexpected errors: it logs the error with the request's id and returns what the caller is
 * told. Status 503 when the database failed, otherwise 500 with the request id, so that the error can be found.
 */
export function createErrorReporter(log: Logger) {
  return (error: unknown, where: string, request?: { headers: Headers }): Refusal => {
    const requestId = requestIdOf(request)
    const failure = storageFailure(error)
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
