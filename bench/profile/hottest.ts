/** The used part of a `.cpuprofile`: the nodes of the call tree, and which node was sampled when. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  /** Microseconds since the previous sample. */
  timeDeltas: number[]
}

/** The profiler samples every millisecond of work. A longer gap is sleep, which belongs to no function. */
const maxSampleMicroseconds = 5000
const shownFunctions = 20

/** Formats the functions with the most time of their own as a Markdown table. */
export function formatHottest({ nodes, samples, timeDeltas }: CpuProfile): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, rowName(callFrame)]))
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? ""
    const time = Math.min(timeDeltas[index] ?? 0, maxSampleMicroseconds)
    times.set(name, (times.get(name) ?? 0) + time)
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const rows = [...times].toSorted(([, a], [, b]) => b - a).slice(0, shownFunctions)
  const lines = rows.map(
    ([name, time]) => `| ${((100 * time) / total).toFixed(1)} % | ${(time / 1000).toFixed(0)} ms | ${name} |`,
  )
  return ["| share | self time | function | source |", "|--:|--:|---|---|", ...lines, ""].join("\n")
}

function rowName({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const source = url ? `${url.replace(/^.*?\/(src|views|node_modules)\//, "$1/")}:${lineNumber + 1}` : "Bun"
  return `\`${functionName || "(anonymous)"}\` | ${source}`
}
