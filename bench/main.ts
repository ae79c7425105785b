import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pages } from "./pages.ts"
import { sends } from "./sends.ts"

/** One way of doing the work of a part; returns how often it was done in a second. */
export type Contender = () => Promise<number>

/** What is compared, ours first: the ratios are to the last, which is the limit. */
export type Part = (
  folder: string,
) => Promise<{ unit: string; contenders: Record<string, Contender>; close(): void }>

const parts: Record<string, Part> = { sends, pages }
const rounds = 5

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in parts))
if (unknown.length > 0) {
  process.stderr.write(
    `There is no part ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}\n`,
  )
  process.exit(1)
}
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await run(name, part)
}
process.exit(0)

/** Runs all contenders in turns (A B C A B C …), so that what disturbs the machine disturbs them alike. */
async function run(name: string, part: Part): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "covenant-bench-"))
  const { unit, contenders, close } = await part(folder)
  const results = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [contender, measure] of Object.entries(contenders)) {
      results.set(contender, [...(results.get(contender) ?? []), await measure()])
    }
  }
  close()
  rmSync(folder, { recursive: true, force: true })
  process.stdout.write(table(name, unit, results))
}

function table(name: string, unit: string, results: Map<string, number[]>): string {
  const limit = median([...results.values()].at(-1) ?? [])
  const rows = [...results].map(([contender, values]) => {
    const ratio = (median(values) / limit).toFixed(2)
    return `| ${contender} | ${round(median(values))} | ${round(Math.min(...values))}–${round(Math.max(...values))} | ${ratio} |`
  })
  return [
    `## ${name}, ${unit}`,
    "| | median | min–max | ratio |",
    "|---|---:|---:|---:|",
    ...rows,
    "",
    "",
  ].join("\n")
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): string {
  return Math.round(value).toLocaleString("en")
}
