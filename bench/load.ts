import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { untilExit } from "./children.ts"

const sourceFolder = join(import.meta.dir, "load")
const source = join(sourceFolder, "load.c")
const binary = join(import.meta.dir, "../data/bench/load")

/** Above this share of its core the load generator may be the bottleneck, unless the server was busier still. */
const maxLoadCpuShare = 0.93
/** Ends held connections that were never released. */
const maxHoldSeconds = 600

/** The load generator's report; times in seconds, latencies in milliseconds. */
export interface LoadReport {
  connections: number
  closed: number
  connectSeconds: number
  seconds: number
  cpuShare: number
  count: number
  perSecond: number
  settled: number
  failures: number
  lost: number
  duplicated: number
  misordered: number
  bytes: number
  p50: number
  p99: number
  lastP50: number
  lastP99: number
}

interface LoadRules {
  mayMisorder?: boolean
  /** Accepts a saturated load generator: for figures such as processor time that do not depend on its speed. */
  anyShare?: boolean
  /** The measured server: as long as its core is as busy as the load generator's, the server is the bottleneck. */
  server?: { cpuSeconds(): number }
  /** Called when all are connected, before the first message. */
  onReady?(): void
}

/** Options of the load generator by name; see load/load.c. */
export type LoadOptions = Record<string, string | number | undefined>

/** With two cores and `taskset` the server and the load generator get a core each. */
const canPin = Bun.which("taskset") !== null && navigator.hardwareConcurrency > 1

/** Pins a measured process to the first core. */
export const onServerCore = (command: string[]) => (canPin ? ["taskset", "-c", "0", ...command] : command)
const onLoadCore = (command: string[]) => (canPin ? ["taskset", "-c", "1", ...command] : command)

const compiler = Bun.which("cc") ?? Bun.which("gcc") ?? Bun.which("clang")

/** Whether this machine has everything the benchmarks need. */
export function canMeasure(): boolean {
  return compiler !== null && Bun.which("node") !== null && process.platform === "linux"
}

/** Compiles the load generator when a source file is newer; needs a C compiler (`cc`) and Linux (epoll). */
export function buildLoad(): void {
  const changedAt = readdirSync(sourceFolder).map((name) => statSync(join(sourceFolder, name)).mtimeMs)
  if (existsSync(binary) && statSync(binary).mtimeMs > Math.max(...changedAt)) return

  if (!compiler) throw new Error("The benchmarks need a C compiler, such as Debian's package gcc")
  mkdirSync(join(binary, ".."), { recursive: true })
  const { success, stderr } = Bun.spawnSync([compiler, "-O2", "-o", binary, source])
  if (!success) throw new Error(`The load generator does not compile: ${stderr}`)
}

/**
 * Runs the load generator against a server. Throws when a message was lost, duplicated or misordered or a request
 * failed; resolves to `null` when the load generator itself was the bottleneck.
 */
export async function load(
  mode: "rooms" | "pages",
  options: LoadOptions,
  rules: LoadRules = {},
): Promise<LoadReport | null> {
  const serverShare = trackCpuShare(rules.server)
  const { child, report, printed } = startLoad(mode, options)
  if (rules.onReady) {
    await printed("ready")
    rules.onReady()
  }
  const result = await report
  await child.exited
  return validated(result, { ...rules, anyShare: rules.anyShare || serverShare() >= result.cpuShare })
}

/** Returns a function for the share of a core that the server has used since. */
function trackCpuShare(server: LoadRules["server"]): () => number {
  const startedAt = performance.now()
  const before = server?.cpuSeconds() ?? 0
  return () => (((server?.cpuSeconds() ?? 0) - before) * 1000) / (performance.now() - startedAt)
}

/** Opens connections and keeps them open: `ready` resolves once all are connected, `end` closes them. */
export function holdConnections(options: LoadOptions) {
  const { child, report, printed } = startLoad("rooms", { seconds: maxHoldSeconds, ...options })
  return {
    ready: printed("ready"),
    /** Resolves once every connection has received the messages it missed. */
    caughtUp: printed("caught up"),
    async end(): Promise<LoadReport> {
      child.stdin.end()
      const result = await report
      await child.exited
      return result
    },
  }
}

function startLoad(mode: string, options: LoadOptions) {
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  )
  const child = untilExit(
    Bun.spawn(onLoadCore([binary, mode, ...flags]), { stdin: "pipe", stdout: "pipe", stderr: "pipe" }),
  )
  let errors = ""
  const stderrRead = (async () => {
    for await (const chunk of child.stderr) errors += Buffer.from(chunk).toString()
  })()
  const report = (async () => {
    const text = await new Response(child.stdout).text()
    await stderrRead
    if (!text) throw new Error(`The load generator failed: ${errors.replaceAll("ready\n", "")}`)
    return JSON.parse(text) as LoadReport
  })()
  report.catch(() => {})
  const printed = async (word: string) => {
    while (!errors.includes(word) && child.exitCode === null) await Bun.sleep(5)
    if (!errors.includes(word)) await report
  }
  return { child, report, printed }
}

function validated(report: LoadReport, { mayMisorder, anyShare }: LoadRules): LoadReport | null {
  const { lost, duplicated, misordered, closed, failures, cpuShare } = report
  if (lost || duplicated || (misordered && !mayMisorder) || closed || failures) {
    const errors = JSON.stringify({ lost, duplicated, misordered, closed, failures })
    throw new Error(`The run had errors: ${errors}`)
  }
  if (cpuShare > maxLoadCpuShare && !anyShare) {
    const percent = Math.round(cpuShare * 100)
    process.stderr.write(`  Discarded: the load generator used ${percent} % of its core.\n`)
    return null
  }
  return report
}
