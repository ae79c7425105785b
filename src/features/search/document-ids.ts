// A message has a number in the index, which grows with the time of the message, for newest-first reads.

/** Ids for the messages of one millisecond. Further messages take the ids of the next millisecond. */
const idsPerMs = 2048

/** The first id of messages sent at `at` (milliseconds since 1970) or later. */
export function firstIdAt(at: number): number {
  return Math.min(Math.max(at * idsPerMs, 0), Number.MAX_SAFE_INTEGER)
}

/** When the message with this id was sent. */
export function timeOf(id: number): Date {
  return new Date(Math.floor(id / idsPerMs))
}
