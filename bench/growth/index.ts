import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Curve, curves } from "./curves.ts"
import { type Line, renderChart } from "./plot.ts"

const chartFolder = join(import.meta.dir, "../curves")

/**
 * Draws the curves whose names start with one of `names`, or all, into `bench/curves/`, and prints their points. Costs
 * are processor time, so other load on the machine matters little. Resolves to `false` when no curve has such a name.
 */
export async function growth(names: string[]): Promise<boolean> {
  const selected = curves.filter(
    ({ name }) => names.length === 0 || names.some((one) => name.startsWith(one)),
  )
  mkdirSync(chartFolder, { recursive: true })
  for (const curve of selected) {
    const lines = await measure(curve)
    writeFileSync(join(chartFolder, `${curve.name}.svg`), renderChart({ ...curve, lines }))
    process.stdout.write(`${formatPoints(curve, lines)}\n`)
  }
  return selected.length > 0
}

async function measure({ name, sizes, measure }: Curve): Promise<Record<string, Line>> {
  const lines: Record<string, Line> = {}
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "covenant-growth-"))
    try {
      for (const [line, y] of Object.entries(await measure(size, folder))) {
        lines[line] ??= []
        lines[line].push({ x: size, y })
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    process.stderr.write(`  ${name}: ${size.toLocaleString("en")}\n`)
  }
  return lines
}

function formatPoints({ title, x, y }: Curve, lines: Record<string, Line>): string {
  const sizes = Object.values(lines)[0] ?? []
  const rows = Object.entries(lines).map(
    ([name, line]) => `| ${name} | ${line.map((point) => point.y.toPrecision(3)).join(" | ")} |`,
  )
  return [
    `### ${title}`,
    "",
    `| ${y}, by ${x} | ${sizes.map((point) => point.x.toLocaleString("en")).join(" | ")} |`,
    `|---|${"---:|".repeat(sizes.length)}`,
    ...rows,
    "",
  ].join("\n")
}
