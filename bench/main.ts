import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { growth } from "./growth/index.ts"
import { buildLoad } from "./load.ts"
import { parts } from "./parts/index.ts"
import { profile } from "./profile.ts"
import { type PartResult, run, tableOf } from "./run.ts"
import { installPeers } from "./servers.ts"
import { smoke } from "./smoke.ts"

const folder = join(import.meta.dir, "../data/bench")
const wanted = process.argv.slice(2)
if (wanted[0] === "smoke") process.exit((await smoke()) ? 0 : 1)

buildLoad()
await installPeers()
const others: Record<string, (names: string[]) => Promise<boolean>> = { growth, profile }
const other = others[wanted[0] ?? ""]
if (other) process.exit((await other(wanted.slice(1))) ? 0 : 1)

const unknown = wanted.filter((name) => !parts.some((part) => part.name.startsWith(name)))
if (unknown.length > 0) {
  const names = parts.map(({ name }) => name).join(", ")
  process.stderr.write(`There is no part ${unknown.join(", ")}. There are: ${names}\n`)
  process.exit(1)
}

const done: PartResult[] = []
const stamp = { at: new Date().toISOString(), bun: Bun.version, cores: navigator.hardwareConcurrency }
mkdirSync(folder, { recursive: true })
for (const part of parts) {
  if (wanted.length > 0 && !wanted.some((name) => part.name.startsWith(name))) continue

  const startedAt = performance.now()
  const result = await run(part)
  done.push(result)
  process.stdout.write(`${tableOf(result)}\n`)
  process.stderr.write(`  ${part.name}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`)
  // After each, so that a failure takes nothing with it.
  writeFileSync(join(folder, "results.json"), JSON.stringify({ ...stamp, parts: done }, null, 2))
  writeFileSync(join(folder, "results.md"), done.map(tableOf).join("\n"))
}
process.stdout.write("Written to data/bench/results.md and data/bench/results.json\n")
process.exit(0)
