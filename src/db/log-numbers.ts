/**
 * How far the numbers of all logs jump when the database was replaced by another one, which may be older: by more than
 * were used since in any log. Open pages come back with the last number they saw; if it were given out again, they would miss that change.
 */
export const replacedJump = 1_000_000

/**
 * Whether the database was replaced by an older one between two numbers of a log, so that what a reader saw before may
 * be gone. Less than the whole jump, since the reader may have seen numbers that the older database did not have yet.
 */
export function isReplacedBetween(before: number, after: number): boolean {
  return after - before > replacedJump / 2
}
