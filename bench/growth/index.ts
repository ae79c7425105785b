import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Curve, curves } from "./curves.ts"
import { type Line, svgOf } from "./plot.ts"

const charts = join(import.meta.dir, "../curves")

/**
 * Draws the curves whose names begin with one of those, or all, into `bench/curves/`, and prints their points. Costs
 * are processor time, so what else the machine does tells little; returns false when there is no such curve.
 */
export async function growth(names: string[]): Promise<boolean> {
  const wanted = curves.filter(({ name }) => names.length === 0 || names.some((one) => name.startsWith(one)))
  mkdirSync(charts, { recursive: true })
  for (const curve of wanted) {
    const lines = await measure(curve)
    writeFileSync(join(charts, `${curve.name}.svg`), svgOf({ ...curve, lines }))
    process.stdout.write(`${tableOf(curve, lines)}\n`)
  }
  return wanted.length > 0
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

function tableOf({ title, x, y }: Curve, lines: Record<string, Line>): string {
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
