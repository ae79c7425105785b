import { existsSync, mkdirSync, statSync } from "node:fs"
import { join } from "node:path"

const source = join(import.meta.dir, "load/load.c")
const binary = join(import.meta.dir, "../data/bench/load")

/** Above this share of its core the load itself may be what is measured, unless the server had less to spare. */
const maxOwnShare = 0.93

/** What the load generator reports; times in seconds, latencies in milliseconds. */
export interface Load {
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
  doubled: number
  misordered: number
  bytes: number
  p50: number
  p99: number
  lastP50: number
  lastP99: number
}

interface Rules {
  mayMisorder?: boolean
  /** For what does not depend on how fast the load is: the server's processor time. */
  anyShare?: boolean
  /** What is measured: as long as its core is as busy as the load's, it is not the load that bounds it. */
  server?: { cpuSeconds(): number }
  /** Called when all are connected, before the first message. */
  onReady?(): void
}

type Options = Record<string, string | number | undefined>

/** Two cores and `taskset`: then server and load have one each. */
const pins = Bun.which("taskset") !== null && navigator.hardwareConcurrency > 1

/** On the first core, where all that is measured runs. */
export const onServerCore = (command: string[]) => (pins ? ["taskset", "-c", "0", ...command] : command)
const onLoadCore = (command: string[]) => (pins ? ["taskset", "-c", "1", ...command] : command)

const compiler = Bun.which("cc") ?? Bun.which("gcc") ?? Bun.which("clang")

/** Is there what the benchmarks need? */
export function canMeasure(): boolean {
  return compiler !== null && Bun.which("node") !== null && process.platform === "linux"
}

/** Compiles the load generator, once; needs a C compiler (`cc`) and Linux (epoll). */
export function buildLoad(): void {
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return

  if (!compiler) throw new Error("The benchmarks need a C compiler, such as Debian's package gcc")
  mkdirSync(join(binary, ".."), { recursive: true })
  const { success, stderr } = Bun.spawnSync([compiler, "-O2", "-o", binary, source])
  if (!success) throw new Error(`The load generator does not compile: ${stderr}`)
}

/** Puts load on a server until it has run its time. Throws when something was lost, doubled or misordered. */
export async function load(
  mode: "rooms" | "pages",
  options: Options,
  rules: Rules = {},
): Promise<Load | null> {
  const busy = sharing(rules.server)
  const { child, report, said } = startLoad(mode, options)
  if (rules.onReady) {
    await said("ready")
    rules.onReady()
  }
  const result = await report
  await child.exited
  return judged(result, { ...rules, anyShare: rules.anyShare || busy() >= result.cpuShare })
}

/** What share of a core a server takes from now on. */
function sharing(server: Rules["server"]): () => number {
  const startedAt = performance.now()
  const before = server?.cpuSeconds() ?? 0
  return () => (((server?.cpuSeconds() ?? 0) - before) * 1000) / (performance.now() - startedAt)
}

/** Puts load on a server and leaves it there: `ready` once all are connected, `end` to let go. */
export function hold(options: Options) {
  const { child, report, said } = startLoad("rooms", { seconds: 600, ...options })
  return {
    ready: said("ready"),
    /** Seconds until everyone had what they missed. */
    caughtUp: said("caught up"),
    async end(): Promise<Load> {
      child.stdin.end()
      const result = await report
      await child.exited
      return result
    },
  }
}

function startLoad(mode: string, options: Options) {
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  )
  const child = Bun.spawn(onLoadCore([binary, mode, ...flags]), {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  })
  let errors = ""
  const heard = (async () => {
    for await (const chunk of child.stderr) errors += Buffer.from(chunk).toString()
  })()
  const report = (async () => {
    const text = await new Response(child.stdout).text()
    await heard
    if (!text) throw new Error(`The load failed: ${errors.replaceAll("ready\n", "")}`)
    return JSON.parse(text) as Load
  })()
  report.catch(() => {})
  const said = async (word: string) => {
    while (!errors.includes(word) && child.exitCode === null) await Bun.sleep(5)
    if (!errors.includes(word)) await report
  }
  return { child, report, said }
}

function judged(result: Load, { mayMisorder, anyShare }: Rules): Load | null {
  const { lost, doubled, misordered, closed, failures, cpuShare } = result
  if (lost || doubled || (misordered && !mayMisorder) || closed || failures) {
    const what = JSON.stringify({ lost, doubled, misordered, closed, failures })
    throw new Error(`What was measured is not right: ${what}`)
  }
  if (cpuShare > maxOwnShare && !anyShare) {
    process.stderr.write(`  The load took ${Math.round(cpuShare * 100)} % of its core: not counted.\n`)
    return null
  }
  return result
}
