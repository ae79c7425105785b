import type { Participants } from "./participants.ts"
import type { ServerProcess } from "./server-process.ts"
import type { Trace, ViolationKind } from "./trace.ts"

export type TrialSummary = ReturnType<typeof summarize>

interface SummarySource extends Participants {
  faultsByKind: Record<string, number>
  trace: Trace
  servers: ServerProcess[]
  /** How far a reader was behind at most once everything worked again; 0 where that is not measured. */
  longestLagMs: number
  /** What further checks did, by name. */
  checked: Record<string, number>
}

/** Counts what a trial did and what its clients saw. */
export function summarize(source: SummarySource) {
  const { readers, senders, faultsByKind, trace, servers, longestLagMs, checked } = source
  const messages = senders.flatMap(({ all }) => all)
  const kills = Object.entries(faultsByKind).filter(([kind]) => kind.startsWith("kill -9"))
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    faults: sum(Object.values(faultsByKind)),
    kills: sum(kills.map(([, count]) => count)),
    faultsByKind,
    senders: senders.length,
    sent: messages.length,
    confirmed: messages.filter(({ stored }) => stored === "confirmed").length,
    attempts: sum(messages.map(({ attempts }) => attempts)),
    edited: messages.filter(({ edited }) => edited === "confirmed").length,
    deleted: messages.filter(({ deleted }) => deleted === "confirmed").length,
    readers: readers.length,
    shown: sum(readers.map(({ log }) => log.size)),
    reconnects: sum(readers.map(({ reconnects }) => reconnects)),
    resets: sum(readers.map(({ resets }) => resets)),
    tooSlow: sum(readers.map(({ tooSlow }) => tooSlow)),
    longestRecoveryMs: Math.round(Math.max(...readers.map(({ longestRecoveryMs }) => longestRecoveryMs))),
    longestStartMs: Math.max(...servers.map(({ longestStartMs }) => longestStartMs)),
    serverLogLines: sum(servers.map(({ logLines }) => logLines)),
    longestLagMs,
    checked,
    violations: trace.counts,
  }
}

const violationLabels: Record<ViolationKind, string> = {
  lost: "lost",
  duplicated: "duplicated",
  misordered: "out of order",
  different: "different from the store",
  late: "not served in time",
  leaked: "delivered after a removal",
  crashed: "server crashes",
}

/** Formats a summary as text, a line for each figure. */
export function formatSummary(summary: TrialSummary): string {
  const rows: [string, string | number][] = [
    ["faults", summary.faults],
    ...Object.entries(summary.faultsByKind)
      .toSorted()
      .map(([kind, count]): [string, number] => [`  ${kind}`, count]),
    ["senders", summary.senders],
    ["  messages sent", summary.sent],
    ["  confirmed", summary.confirmed],
    ["  edits confirmed", summary.edited],
    ["  deletions confirmed", summary.deleted],
    ["  attempts", summary.attempts],
    ["readers", summary.readers],
    ["  messages shown", summary.shown],
    ["  reconnects", summary.reconnects],
    ["  resets after a gap", summary.resets],
    ["  closed as too slow", summary.tooSlow],
    ["longest recovery of a reader", `${summary.longestRecoveryMs.toLocaleString("en")} ms`],
    ...(summary.longestLagMs > 0
      ? [
          ["furthest behind after the faults", `${summary.longestLagMs.toLocaleString("en")} ms`] as [
            string,
            string,
          ],
        ]
      : []),
    ...Object.entries(summary.checked),
    ["longest start of a server", `${summary.longestStartMs.toLocaleString("en")} ms`],
    ["warnings and errors of servers", summary.serverLogLines],
    ...Object.entries(summary.violations).map(([kind, count]): [string, number] => [
      violationLabels[kind as ViolationKind],
      count,
    ]),
  ]
  return rows
    .map(([name, value]) => `${name.padEnd(34)}${value.toLocaleString("en").padStart(12)}\n`)
    .join("")
}
