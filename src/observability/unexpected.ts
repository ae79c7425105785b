import { comeBackSeconds, storageFailure, unavailable } from "../db/failures.ts"
import { Refusal } from "../kernel/index.ts"
import { requestIdOf } from "../web/request-id.ts"
import type { Log } from "./log.ts"

/**
 * What becomes of everything thrown that nobody expected: it is written down, and people are told to come again
 * where the database is to blame, else only by which reference it can be found in the log.
 */
export function unexpected(log: Log) {
  return (error: unknown, where: string, request?: { headers: Headers }): Refusal => {
    const requestId = requestIdOf(request)
    const failure = storageFailure(error)
    if (failure) {
      log.error(`The database failed in ${where}: ${failure.cause}`, { requestId, code: failure.code })
      return new Refusal(unavailable, 503, { retryAfterSeconds: comeBackSeconds })
    }

    log.error(`Unexpected error in ${where}`, { requestId, error })
    return new Refusal(
      `Something went wrong. Try again; if it stays, this names it: reference ${requestId}`,
      500,
    )
  }
}
