import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hasServices } from "../src/cli/services/programs.ts"
import { databaseTests, twoNodeTests } from "./support/database-tests.ts"
import { closingLine, countsIn, failuresIn, slowestLines, timesIn } from "./support/test-report.ts"

const folder = import.meta.dir
const reports = mkdtempSync(join(tmpdir(), "covenant-tests-"))

/**
 * Every test runs once: one that fails now and then is to be mended. Where a service died, all that need it would fail,
 * each after its time.
 */
const command = [process.execPath, "test", "--timeout=30000", "--bail=20", "--reporter=junit"]
const shownSlowest = 15
const workers = 2

/** No file of tests may take that long: who finishes none hangs, and is ended so that what it was at is shown. */
const longestSilenceMs = 300_000
/** What a process printed last arrives within this time of its end. */
const graceMs = 5_000

/** Tests that a process of their own runs, or several. */
interface Part {
  /** Names it where failures are listed. */
  title: string
  paths: string[]
  /** How many processes share the files, each with databases of its own; one alone often waits. */
  workers?: number
  /** Shows the output as it comes instead of at the end. */
  isLive?: boolean
  environment?: Record<string, string>
}

/** Runs the tests that are named, or all of them, and prints what came of them. Returns the exit code. */
async function main(named: string[]): Promise<number> {
  const outcomes =
    named.length > 0 ? [await run({ title: "as named", paths: named, isLive: true })] : await runAll()
  const lines = slowestLines(
    outcomes.flatMap(({ tests }) => tests),
    shownSlowest,
  )
  const counts = outcomes.map(({ output, exitCode }) => countsIn(output, exitCode))
  process.stdout.write(`\nSlowest tests:\n${lines.join("\n")}\n\n`)
  // Once more at the end, where one looks first and what a CI cuts off still has them.
  for (const { output, exitCode, title } of outcomes) {
    for (const failure of failuresIn(output, exitCode))
      process.stdout.write(`Failed, ${title}:\n${failure}\n\n`)
  }
  process.stdout.write(`${closingLine(counts)}\n`)
  return counts.some(({ failed }) => failed > 0) ? 1 : 0
}

/** Two parts at a time, since all wait as much as they work: whoever is done begins with the next. */
async function runAll() {
  const parts = (await allParts()).values()
  const outcomes: Awaited<ReturnType<typeof run>>[] = []
  async function work() {
    for (const part of parts) outcomes.push(await run(part))
  }
  await Promise.all([work(), work()])
  return outcomes
}

/**
 * The longest parts first, and small ones last, so that both lanes end at about the same time. The browser's output is
 * shown as it comes, all other output once its process has ended.
 */
async function allParts(): Promise<Part[]> {
  const parts: Part[] = [
    { title: "on SQLite", paths: allButBrowser(), workers },
    { title: "in Chromium", paths: ["tests/browser/"], isLive: true },
  ]
  // Without Postgres only CI runs these, and fails.
  if (!hasServices() && process.env.CI === undefined) return parts

  const onPostgres = { DATABASE: "postgres" }
  const onTwoNodes = { ...onPostgres, NODES: "2" }
  const [longest = "", ...others] = twoNodeTests
  return [
    ...parts,
    { title: "on Postgres", paths: await databaseTests(), workers, environment: onPostgres },
    { title: "at two nodes", paths: [longest], environment: onTwoNodes },
    {
      title: "at two nodes",
      paths: [...others, "tests/browser/chat.test.ts"],
      workers,
      environment: onTwoNodes,
    },
  ]
}

function allButBrowser(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["browser", "support"].includes(entry.name))
    .map(({ name }) => `tests/${name}/`)
}

/** Runs a part; one that hangs is ended. */
async function run({ title, paths, workers = 1, isLive = false, environment }: Part) {
  const report = join(reports, `${crypto.randomUUID()}.xml`)
  // A worker keeps what it has loaded from one file to the next.
  const sharing = workers > 1 ? [`--parallel=${workers}`, "--no-isolate"] : []
  const child = Bun.spawn([...command, ...sharing, `--reporter-outfile=${report}`, ...paths], {
    cwd: join(folder, ".."),
    env: { ...process.env, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  let output = ""
  const add = (text: string) => {
    output += text
    if (isLive) process.stdout.write(text)
  }
  const end = () => {
    add(`\nEnded: no file finished for ${longestSilenceMs / 1000} s after those above\n`)
    child.kill("SIGKILL")
  }
  let silence = setTimeout(end, longestSilenceMs)
  const heard = (text: string) => {
    clearTimeout(silence)
    silence = setTimeout(end, longestSilenceMs)
    add(text)
  }
  const stopped = new AbortController()
  const collected = [child.stdout, child.stderr].map((stream) =>
    stream
      .pipeThrough(new TextDecoderStream())
      .pipeTo(new WritableStream({ write: heard }), { signal: stopped.signal }),
  )
  const exitCode = await child.exited
  // A program that a test left behind may hold the pipes open for ever.
  const grace = setTimeout(() => stopped.abort(), graceMs)
  await Promise.allSettled(collected)
  clearTimeout(grace)
  clearTimeout(silence)
  if (!isLive) process.stdout.write(output)
  return { title, output, exitCode, tests: timesIn(readReport(report)) }
}

/** Empty when the process died before it could write one. */
function readReport(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

// Not `process.exit`: the output may not have been written yet.
process.exitCode = await main(process.argv.slice(2))
rmSync(reports, { recursive: true, force: true })
