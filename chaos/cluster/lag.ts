import type { Participants } from "../participants.ts"
import type { Reader } from "../readers/reader.ts"
import { readHeads, type Store } from "../store.ts"
import type { Trace } from "../trace.ts"

/** How far behind a reader may be when nothing fails any more. */
const maxLagMs = 2000
/** How long a reader that stays behind is watched, to say how far it is. */
const maxWatchMs = 15_000
const pollMs = 20

/**
 * Measures how long connected readers need, once everything works again, to have all that was stored by then. How long
 * the others take to be back is their recovery.
 */
export async function measureLag(store: Store, { readers }: Participants, trace: Trace): Promise<number> {
  const startedAt = Date.now()
  const heads = await readHeads(store)
  const lags = await Promise.all(
    readers
      .filter(({ isLive, isAway }) => isLive && !isAway)
      .map((reader) => lagOf(reader, heads, startedAt)),
  )
  for (const { reader, lagMs } of lags) {
    if (lagMs <= maxLagMs) continue
    trace.violation({ kind: "late", who: reader.name, what: `Was ${lagMs} ms behind after the last fault` })
  }
  return Math.max(0, ...lags.map(({ lagMs }) => lagMs))
}

async function lagOf(reader: Reader, heads: Map<string, number>, startedAt: number) {
  const head = heads.get(reader.room.channelId) ?? 0
  while (reader.isLive && reader.log.cursor < head && Date.now() < startedAt + maxWatchMs)
    await Bun.sleep(pollMs)
  return { reader, lagMs: reader.isLive ? Date.now() - startedAt : 0 }
}
