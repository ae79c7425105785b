import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { formatCell, median, type PartResult, run } from "../run.ts"
import { launchChromium, slowed, unslowed } from "./measured-page.ts"
import { type Measurement, measurements, measureOnce } from "./measurements.ts"
import { type Site, startSites } from "./sites.ts"

const folder = join(import.meta.dir, "../../data/bench")
/** Each site on each device: the names of the contenders. */
const contenderNames = { slowed: ["chat, slowed", "floor, slowed"], unslowed: ["chat", "floor"] } as const

/**
 * Measures the chat in Chromium beside the floor, on a slowed device and on this one: the measurements whose names start
 * with one of `names`, or all. Resolves to `false` when none does. Reports figures, and fails by none.
 */
export async function browserBench(names: string[]): Promise<boolean> {
  const selected = measurements.filter(
    ({ name }) => names.length === 0 || names.some((one) => name.startsWith(one)),
  )
  const sitesFolder = mkdtempSync(join(tmpdir(), "covenant-bench-"))
  const browser = await launchChromium()
  const sites = await startSites(sitesFolder)
  try {
    const results: PartResult[] = []
    for (const measurement of selected) {
      const result = await run(partOf(measurement, browser, sites))
      results.push(result)
      const table = formatRows(result, measurement)
      process.stdout.write(`${results.length === 1 ? `${head}\n` : ""}${table}\n`)
    }
    write(results, selected)
  } finally {
    await browser.close()
    for (const { server } of Object.values(sites)) server.stop()
    rmSync(sitesFolder, { recursive: true, force: true })
  }
  return selected.length > 0
}

function partOf(measurement: Measurement, browser: Browser, sites: { chat: Site; floor: Site }) {
  const { name, columns, rounds, isUnslowedOnly } = measurement
  const on = (site: Site, device: typeof slowed) => () => measureOnce(measurement, { browser, site, device })
  const contenders = {
    ...(!isUnslowedOnly && {
      [contenderNames.slowed[0]]: on(sites.chat, slowed),
      [contenderNames.slowed[1]]: on(sites.floor, slowed),
    }),
    [contenderNames.unslowed[0]]: on(sites.chat, unslowed),
    [contenderNames.unslowed[1]]: on(sites.floor, unslowed),
  }
  const prepare = async () => ({ contenders, close: () => {} })
  return { name, title: name, columns, rounds, prepare, mayFail: Object.keys(contenders) }
}

const head = [
  "| | target, slowed | chat, slowed | floor, slowed | × floor | chat | floor | × floor |",
  "|---|---:|---:|---:|---:|---:|---:|---:|",
].join("\n")

/** A row for each figure. */
function formatRows({ results }: PartResult, { columns }: Measurement): string {
  return columns
    .map(({ name, target = "", digits = 0 }) => {
      const cells = Object.values(contenderNames).flatMap(([chat, floor]) => {
        const [own, other] = [results[chat]?.[name] ?? [], results[floor]?.[name] ?? []]
        if (own.length === 0) return ["", "", ""]
        const [above, below] = [median(own), median(other)]
        const ratio = above !== null && below ? (above / below).toFixed(1) : ""
        return [formatCell(own, digits), formatCell(other, digits), ratio]
      })
      return `| ${name} | ${target} | ${cells.join(" | ")} |`
    })
    .join("\n")
}

function write(results: PartResult[], selected: Measurement[]): void {
  mkdirSync(folder, { recursive: true })
  const rows = results.flatMap((result, i) => {
    const measurement = selected[i]
    return measurement ? [formatRows(result, measurement)] : []
  })
  writeFileSync(join(folder, "browser.md"), `${head}\n${rows.join("\n")}\n`)
  const environment = { at: new Date().toISOString(), cores: navigator.hardwareConcurrency }
  writeFileSync(join(folder, "browser.json"), JSON.stringify({ ...environment, parts: results }, null, 2))
  process.stdout.write("Written to data/bench/browser.md and data/bench/browser.json\n")
}
