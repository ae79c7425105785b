import { Refusal } from "./result.ts"

/**
 * Called with everything thrown that is no `Refusal`. `where` is for example `procedure getMessages`; `request` is
 * the request that caused it, if any. A `Refusal` it returns is what the caller gets instead of `unexpectedMessage`.
 */
export type OnUnexpected = (error: unknown, where: string, request?: { headers: Headers }) => unknown

/** What users read after a bug. */
export const unexpectedMessage = "Something went wrong"

/** Wraps `onUnexpected` so that reporting never throws. Without one, errors are written to the console. */
export function createReporter(onUnexpected: OnUnexpected | undefined): OnUnexpected {
  return (error, where, request) => {
    try {
      if (onUnexpected) return onUnexpected(error, where, request)
      // biome-ignore lint/suspicious/noConsole: a bug must be visible even without a configured log
      console.error(`Unexpected error in ${where}:`, error)
    } catch {
      // A broken log must not turn an answer into a failure.
    }
  }
}

/**
 * Converts anything thrown into a refusal: a `Refusal` stays as it is; anything else is reported and becomes the
 * refusal that the reporter returns, or a 500 that reveals nothing.
 */
export function refusalFrom(
  thrown: unknown,
  { where, report, request }: { where: string; report: OnUnexpected; request?: { headers: Headers } },
): Refusal {
  if (thrown instanceof Refusal) return thrown
  const replacement = report(thrown, where, request)

  return replacement instanceof Refusal ? replacement : new Refusal(unexpectedMessage, 500)
}

/** Runs another module's callback. What it throws or rejects with is reported, so it cannot disturb other callbacks. */
export function runSafely(callback: () => unknown, where: string, report: OnUnexpected): void {
  try {
    const result = callback()
    if (result instanceof Promise) result.catch((error) => report(error, where))
  } catch (error) {
    report(error, where)
  }
}
