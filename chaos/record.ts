import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Victims } from "./faults.ts"
import type { Figures } from "./figures.ts"
import type { Trace } from "./trace.ts"

interface Found extends Victims {
  trace: Trace
  figures: Figures
  options: { seed: number }
}

/**
 * Writes what is needed to look into a violation: seed and options to try again with, every fault in its order, and
 * what the senders know of the messages concerned. Resolves to the path.
 */
export async function writeRecord({ trace, figures, options, senders, readers }: Found): Promise<string> {
  const folder = join(import.meta.dir, "../data/chaos")
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `seed-${options.seed}-${trace.startedAt}.json`)
  const concerned = new Set(trace.violations.map(({ messageId }) => messageId))
  const sent = senders.flatMap(({ name, all }) =>
    all.filter(({ id }) => concerned.has(id)).map((message) => ({ sender: name, ...message })),
  )
  const cursors = readers.map(({ name, log, reconnects }) => ({ name, cursor: log.cursor, reconnects }))
  const { violations, events } = trace
  await Bun.write(path, JSON.stringify({ options, figures, violations, sent, cursors, events }, null, 2))
  return path
}
