import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { browserBench } from "./browser/index.ts"
import { clusterBench } from "./cluster/index.ts"
import { growth } from "./growth/index.ts"
import { buildLoad } from "./load.ts"
import { parts } from "./parts/index.ts"
import { profile } from "./profile/index.ts"
import { formatTable, type PartResult, run } from "./run.ts"
import { installPeers } from "./servers.ts"
import { smoke } from "./smoke/index.ts"

const folder = join(import.meta.dir, "../data/bench")
const names = process.argv.slice(2)
if (names[0] === "smoke") process.exit((await smoke()) ? 0 : 1)

buildLoad()
await installPeers()
const otherCommands: Record<string, (names: string[]) => Promise<boolean>> = {
  growth,
  profile,
  cluster: clusterBench,
  browser: browserBench,
}
const command = otherCommands[names[0] ?? ""]
if (command) process.exit((await command(names.slice(1))) ? 0 : 1)

const unknown = names.filter((name) => !parts.some((part) => part.name.startsWith(name)))
if (unknown.length > 0) {
  const known = parts.map(({ name }) => name).join(", ")
  process.stderr.write(`Unknown part: ${unknown.join(", ")}. Available parts: ${known}\n`)
  process.exit(1)
}

const results: PartResult[] = []
const environment = { at: new Date().toISOString(), bun: Bun.version, cores: navigator.hardwareConcurrency }
mkdirSync(folder, { recursive: true })
for (const part of parts) {
  if (names.length > 0 && !names.some((name) => part.name.startsWith(name))) continue

  const startedAt = performance.now()
  const result = await run(part)
  results.push(result)
  process.stdout.write(`${formatTable(result)}\n`)
  process.stderr.write(`  ${part.name}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`)
  // Written after each part, so that a later failure loses nothing.
  writeFileSync(join(folder, "results.json"), JSON.stringify({ ...environment, parts: results }, null, 2))
  writeFileSync(join(folder, "results.md"), results.map(formatTable).join("\n"))
}
process.stdout.write("Written to data/bench/results.md and data/bench/results.json\n")
process.exit(0)
