import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** What one measurement found, by column; nothing where it could not be measured. */
export type Figures = Record<string, number | null | undefined>

export interface Column {
  name: string
  /** Digits after the point. */
  digits?: number
  /** Shown as a ratio to the same figure of this contender. */
  against?: string
}

/** One thing that is measured, of several contenders under the same load. */
export interface Part {
  name: string
  title: string
  /** Said below the table: what exactly was done. */
  note?: string
  columns: Column[]
  /** Contenders that have no figure where they fail; where any other does, nothing of it is worth printing. */
  mayFail?: string[]
  /** How often all contenders take their turn. */
  rounds: number
  /** Starts what is measured, in a folder that is removed afterwards. */
  prepare(folder: string): Promise<{ contenders: Record<string, () => Promise<Figures>>; close(): void }>
}

export interface PartResult {
  name: string
  title: string
  note: string | undefined
  columns: Column[]
  results: Record<string, Record<string, (number | null)[]>>
}

/** Runs all contenders in turns (A B C A B C …), so that what disturbs the machine disturbs them alike. */
export async function run(part: Part): Promise<PartResult> {
  const { name, title, note, columns } = part
  const folder = mkdtempSync(join(tmpdir(), "covenant-bench-"))
  const results: PartResult["results"] = {}
  const { contenders, close } = await part.prepare(folder)
  try {
    for (let round = 0; round < part.rounds; round++) {
      for (const [contender, measure] of Object.entries(contenders)) {
        const figures = await measure().catch((error: Error): Figures => {
          if (!part.mayFail?.includes(contender)) throw new Error(`${name}, ${contender}`, { cause: error })

          process.stderr.write(`  ${contender} failed: ${error.message}\n`)
          return {}
        })
        const all = results[contender] ?? Object.fromEntries(columns.map((column) => [column.name, []]))
        for (const column of columns) all[column.name]?.push(figures[column.name] ?? null)
        results[contender] = all
      }
    }
  } finally {
    close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { name, title, note, columns, results }
}

/** The middle of what was measured; `null` when nothing was. */
export function median(values: (number | null)[] | undefined): number | null {
  const measured = (values ?? []).filter((value) => value !== null).toSorted((a, b) => a - b)
  return measured[Math.floor(measured.length / 2)] ?? null
}

/** How a contender's median stands to another's; `null` when one of them has none. */
export function ratio({ results }: PartResult, column: string, of: string, to: string): number | null {
  const [one, other] = [median(results[of]?.[column]), median(results[to]?.[column])]
  return one === null || !other ? null : one / other
}

/** A part's results as a Markdown table: medians, lowest and highest, ratios. */
export function tableOf(part: PartResult): string {
  const { title, note, columns, results } = part
  const head = columns.map(({ name, against }) => (against ? `${name} | × ${against}` : name))
  const width = columns.reduce((sum, { against }) => sum + (against ? 2 : 1), 0)
  const rows = Object.keys(results).map((contender) => {
    const cells = columns.flatMap((column) => {
      const cell = cellOf(results[contender]?.[column.name] ?? [], column.digits ?? 0)
      if (!column.against) return [cell]
      const against = ratio(part, column.name, contender, column.against)
      return [cell, against === null ? "" : against.toFixed(2)]
    })
    return `| ${contender} | ${cells.join(" | ")} |`
  })
  return [
    `### ${title}`,
    "",
    `| | ${head.join(" | ")} |`,
    `|---|${"---:|".repeat(width)}`,
    ...rows,
    "",
    ...(note ? [note, ""] : []),
  ].join("\n")
}

function cellOf(values: (number | null)[], digits: number): string {
  const measured = values.filter((value) => value !== null)
  const middle = median(values)
  if (middle === null) return "not measured"

  const text = (value: number) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
  if (measured.length === 1) return text(middle)
  return `${text(middle)} (${text(Math.min(...measured))}–${text(Math.max(...measured))})`
}
