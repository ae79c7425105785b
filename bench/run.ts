import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Figures of one measurement, by column; `null` or missing where nothing could be measured. */
export type Figures = Record<string, number | null | undefined>

export interface Column {
  name: string
  /** Digits after the decimal point. */
  digits?: number
  /** Adds a column with the ratio to this contender's figure. */
  relativeTo?: string
}

/** One benchmark: several contenders under the same load. */
export interface Part {
  name: string
  title: string
  /** Printed below the table: what exactly was measured. */
  note?: string
  columns: Column[]
  /** Contenders that may fail and then have no figure. A failure of any other ends the benchmark. */
  mayFail?: string[]
  /** Measurements of each contender. */
  rounds: number
  /** Starts the contenders, in a folder that is removed afterwards. */
  prepare(folder: string): Promise<PreparedPart>
}

export interface PreparedPart {
  contenders: Record<string, () => Promise<Figures>>
  close(): void
}

export interface PartResult {
  name: string
  title: string
  note: string | undefined
  columns: Column[]
  /** By contender and column: the figure of each round. */
  results: Record<string, Record<string, (number | null)[]>>
}

/** Measures the contenders in turns (A B C A B C …), so that other load on the machine affects all alike. */
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
        const byColumn = results[contender] ?? Object.fromEntries(columns.map(({ name }) => [name, []]))
        for (const column of columns) byColumn[column.name]?.push(figures[column.name] ?? null)
        results[contender] = byColumn
      }
    }
  } finally {
    close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { name, title, note, columns, results }
}

/** The median of the measured values; `null` without any. */
export function median(values: (number | null)[] | undefined): number | null {
  const measured = (values ?? []).filter((value) => value !== null).toSorted((a, b) => a - b)
  return measured[Math.floor(measured.length / 2)] ?? null
}

/** The ratio of a contender's median to another's; `null` when either is missing. */
function ratio({ results }: PartResult, column: string, { of, to }: { of: string; to: string }) {
  const [one, other] = [median(results[of]?.[column]), median(results[to]?.[column])]
  return one === null || !other ? null : one / other
}

/** Formats a result as a Markdown table: medians with lowest and highest, and ratios. */
export function formatTable(part: PartResult): string {
  const { title, note, columns, results } = part
  const head = columns.map(({ name, relativeTo }) => (relativeTo ? `${name} | × ${relativeTo}` : name))
  const width = columns.reduce((sum, { relativeTo }) => sum + (relativeTo ? 2 : 1), 0)
  const rows = Object.keys(results).map((contender) => {
    const cells = columns.flatMap((column) => {
      const cell = formatCell(results[contender]?.[column.name] ?? [], column.digits ?? 0)
      if (!column.relativeTo) return [cell]
      const relative = ratio(part, column.name, { of: contender, to: column.relativeTo })
      return [cell, relative === null ? "" : relative.toFixed(2)]
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

export function formatCell(values: (number | null)[], digits: number): string {
  const measured = values.filter((value) => value !== null)
  const middle = median(values)
  if (middle === null) return "not measured"

  const text = (value: number) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
  if (measured.length === 1) return text(middle)
  return `${text(middle)} (${text(Math.min(...measured))}–${text(Math.max(...measured))})`
}
