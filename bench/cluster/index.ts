import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type BenchCluster, startCluster } from "./cluster.ts"
import { messageCosts } from "./costs.ts"
import { latencyOf } from "./latencies.ts"
import { readersReturn } from "./readers-return.ts"
import { recoveryTimes } from "./recovery.ts"
import { intoManyChannels, intoOneChannel } from "./throughput.ts"

const resultPath = join(import.meta.dir, "../../data/bench/cluster.md")
const nodeCounts = [1, 2, 3]
const rates = [20, 500]
const senderCount = 64
const returningReaders = 10_000

type Row = [name: string, ...figures: (number | undefined)[]]

interface Section {
  name: string
  title: string
  head: string[]
  digits: number
  rows(): Promise<Row[]>
}

const sections: Section[] = [
  {
    name: "costs",
    title: "Processor time, µs, at 100 messages a second",
    head: ["a delivery", "a message at the nodes", "a message in Postgres", "a message in Redis"],
    digits: 2,
    rows: () =>
      forEachCount(async (cluster, count) => {
        const { delivery, message, postgres, redis } = await messageCosts(cluster)
        return [[`${count} nodes`, delivery, message, postgres, redis]]
      }),
  },
  {
    name: "latency",
    title: "Latency over 2 nodes with 100 readers, ms",
    head: ["p50", "p99"],
    digits: 2,
    rows: () =>
      withCluster(2, async (cluster) => {
        const rows: Row[] = []
        for (const rate of rates) {
          for (const isAcross of [false, true]) {
            const { p50, p99 } = await latencyOf(cluster, rate, isAcross)
            rows.push([
              `${rate} a second, ${isAcross ? "at another node" : "at the sender's node"}`,
              p50,
              p99,
            ])
          }
        }
        return rows
      }),
  },
  {
    name: "throughput",
    title: `Confirmed messages a second, ${senderCount} senders who each wait, nobody reading`,
    head: ["into one channel", "into eight channels"],
    digits: 0,
    rows: () =>
      forEachCount(async (cluster, count) => [
        [
          `${count} nodes`,
          await intoOneChannel(cluster, senderCount),
          await intoManyChannels(cluster, senderCount),
        ],
      ]),
  },
  {
    name: "recovery",
    title: "Time to recover, ms",
    head: ["ms"],
    digits: 0,
    rows: async () => Object.entries(await recoveryTimes()),
  },
  {
    name: "return",
    title: "The readers of a killed node return to two others, 100 messages behind",
    head: ["seconds", "µs of the nodes each", "µs of Postgres each"],
    digits: 1,
    rows: () =>
      withCluster(3, async (cluster) => {
        const { seconds, node, postgres } = await readersReturn(cluster, returningReaders)
        return [[`${returningReaders.toLocaleString("en")} people`, seconds, node, postgres]]
      }),
  },
]

/** Measures the sections whose names start with one of `names`, or all. Resolves to `false` when none does. */
export async function clusterBench(names: string[]): Promise<boolean> {
  const selected = sections.filter(
    ({ name }) => names.length === 0 || names.some((one) => name.startsWith(one)),
  )
  const tables: string[] = []
  mkdirSync(join(resultPath, ".."), { recursive: true })
  for (const section of selected) {
    const table = formatSection(section, await section.rows())
    process.stdout.write(`${table}\n`)
    tables.push(table)
    writeFileSync(resultPath, tables.join("\n"))
  }
  return selected.length > 0
}

async function forEachCount(
  measure: (cluster: BenchCluster, count: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const count of nodeCounts)
    rows.push(...(await withCluster(count, (cluster) => measure(cluster, count))))
  return rows
}

async function withCluster<T>(count: number, measure: (cluster: BenchCluster) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "covenant-bench-"))
  const cluster = await startCluster(folder, count)
  try {
    return await measure(cluster)
  } finally {
    await cluster.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function formatSection({ title, head, digits }: Section, rows: Row[]): string {
  const format = (figure: number | undefined) =>
    figure === undefined || Number.isNaN(figure)
      ? "not measured"
      : figure.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return [
    `### ${title}`,
    "",
    `| | ${head.join(" | ")} |`,
    `|---|${"---:|".repeat(head.length)}`,
    ...rows.map(([name, ...figures]) => `| ${name} | ${figures.map(format).join(" | ")} |`),
    "",
  ].join("\n")
}
