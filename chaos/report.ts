import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Participants } from "./participants.ts"
import type { TrialSummary } from "./summary.ts"
import type { Trace } from "./trace.ts"

interface ReportSource extends Participants {
  trace: Trace
  summary: TrialSummary
  options: { seed: number }
}

/**
 * Writes what an investigation needs: the options to run the trial again, every fault in order, and the senders' view
 * of the messages concerned. Resolves to the path.
 */
export async function writeReport(source: ReportSource): Promise<string> {
  const { trace, summary, options, senders, readers } = source
  const folder = join(import.meta.dir, "../data/chaos")
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `seed-${options.seed}-${trace.startedAt}.json`)
  const concerned = new Set(trace.violations.map(({ messageId }) => messageId))
  const sent = senders.flatMap(({ name, all }) =>
    all.filter(({ id }) => concerned.has(id)).map((message) => ({ sender: name, ...message })),
  )
  const cursors = readers.map(({ name, log, reconnects }) => ({ name, cursor: log.cursor, reconnects }))
  const { violations, events } = trace
  await Bun.write(path, JSON.stringify({ options, summary, violations, sent, cursors, events }, null, 2))
  return path
}
