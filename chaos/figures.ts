import type { Victims } from "./faults.ts"
import type { ServerProcess } from "./server.ts"
import type { Trace, Wrong } from "./trace.ts"

export type Figures = ReturnType<typeof figuresOf>

interface Source extends Victims {
  faultsByKind: Record<string, number>
  trace: Trace
  server: ServerProcess
}

/** What was tried, and what came of it. */
export function figuresOf({ readers, senders, faultsByKind, trace, server }: Source) {
  const messages = senders.flatMap(({ all }) => all)
  const kills = Object.entries(faultsByKind).filter(([kind]) => kind.startsWith("kill -9"))
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    faults: sum(Object.values(faultsByKind)),
    kills: sum(kills.map(([, count]) => count)),
    faultsByKind,
    senders: senders.length,
    sent: messages.length,
    confirmed: messages.filter(({ stored }) => stored === "done").length,
    tries: sum(messages.map(({ tries }) => tries)),
    edited: messages.filter(({ edited }) => edited === "done").length,
    deleted: messages.filter(({ deleted }) => deleted === "done").length,
    readers: readers.length,
    shown: sum(readers.map(({ log }) => log.size)),
    reconnects: sum(readers.map(({ reconnects }) => reconnects)),
    freshStarts: sum(readers.map(({ freshStarts }) => freshStarts)),
    tooSlow: sum(readers.map(({ tooSlow }) => tooSlow)),
    longestRecoveryMs: Math.round(Math.max(...readers.map(({ longestRecoveryMs }) => longestRecoveryMs))),
    longestStartMs: server.longestStartMs,
    complaints: server.complaints,
    wrong: trace.counts,
  }
}

const names: Record<Wrong, string> = {
  lost: "lost",
  doubled: "doubled",
  misordered: "misordered",
  different: "different from what was stored",
  late: "not served in time",
  crashed: "server ended by itself",
}

/** The figures for people. */
export function print(figures: Figures): string {
  const rows: [string, string | number][] = [
    ["faults", figures.faults],
    ...Object.entries(figures.faultsByKind)
      .toSorted()
      .map(([kind, count]): [string, number] => [`  ${kind}`, count]),
    ["senders", figures.senders],
    ["  messages sent", figures.sent],
    ["  confirmed", figures.confirmed],
    ["  edits confirmed", figures.edited],
    ["  deletions confirmed", figures.deleted],
    ["  tries for all that", figures.tries],
    ["readers", figures.readers],
    ["  messages before them", figures.shown],
    ["  reconnects", figures.reconnects],
    ["  fresh starts, too much missed", figures.freshStarts],
    ["  closed as too slow", figures.tooSlow],
    ["longest recovery of a reader", `${figures.longestRecoveryMs.toLocaleString("en")} ms`],
    ["longest start of the server", `${figures.longestStartMs.toLocaleString("en")} ms`],
    ["server's own complaints", figures.complaints],
    ...Object.entries(figures.wrong).map(([kind, count]): [string, number] => [names[kind as Wrong], count]),
  ]
  return rows
    .map(([name, value]) => `${name.padEnd(34)}${value.toLocaleString("en").padStart(12)}\n`)
    .join("")
}
