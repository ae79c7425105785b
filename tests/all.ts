import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hasServices } from "../src/cli/services/programs.ts"
import { databaseTests, twoNodeTests } from "./support/database-tests.ts"
import { closingLine, countsIn, slowestLines, timesIn } from "./support/test-report.ts"

const folder = import.meta.dir
const reports = mkdtempSync(join(tmpdir(), "covenant-tests-"))

/** Every test runs once: one that fails now and then is to be mended. */
const command = [process.execPath, "test", "--timeout", "30000", "--reporter=junit"]
const shownSlowest = 15

/**
 * Runs the tests that are named, or all of them: those in a browser beside the others, since either wait more than
 * they work. Then those that use a database run on Postgres too, and some of them with two nodes. The output of all but
 * the browser's is shown at the end.
 */
async function main(named: string[]): Promise<number> {
  const outcomes =
    named.length > 0
      ? [await run(named, (text) => void process.stdout.write(text))]
      : (
          await Promise.all([
            runBrowserTests().then(async (first) => [first, ...(await runOnTwoNodes())]),
            run(allButBrowser()).then(async (first) => [first, ...(await runOnPostgres())]),
          ])
        ).flat()
  for (const { output, isShown } of outcomes) if (!isShown) process.stdout.write(output)

  const lines = slowestLines(
    outcomes.flatMap(({ tests }) => tests),
    shownSlowest,
  )
  const counts = outcomes.map(({ output, exitCode }) => countsIn(output, exitCode))
  process.stdout.write(`\nSlowest tests:\n${lines.join("\n")}\n\n${closingLine(counts)}\n`)
  return counts.some(({ failed }) => failed > 0) ? 1 : 0
}

const runBrowserTests = () => run(["tests/browser/"], (text) => void process.stdout.write(text))

/** Without Postgres only CI runs these, and fails. */
const mayUsePostgres = hasServices() || process.env.CI !== undefined

/** In two processes at once, each with a Postgres of its own: alone either waits for its Postgres most of the time. */
async function runOnPostgres() {
  if (!mayUsePostgres) return []

  const paths = await databaseTests()
  const halves = [0, 1].map((half) => paths.filter((_, index) => index % 2 === half))
  return Promise.all(halves.map((half) => run(half, undefined, { DATABASE: "postgres" })))
}

async function runOnTwoNodes() {
  return mayUsePostgres
    ? [
        await run([...twoNodeTests, "tests/browser/chat.test.ts"], undefined, {
          DATABASE: "postgres",
          NODES: "2",
        }),
      ]
    : []
}

function allButBrowser(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["browser", "support"].includes(entry.name))
    .map(({ name }) => `tests/${name}/`)
}

/** Runs the tests below paths in a process of their own; `show` gets its output as it comes. */
async function run(paths: string[], show?: (text: string) => void, environment?: Record<string, string>) {
  const report = join(reports, `${crypto.randomUUID()}.xml`)
  const child = Bun.spawn([...command, `--reporter-outfile=${report}`, ...paths], {
    cwd: join(folder, ".."),
    env: { ...process.env, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  let output = ""
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true })
      output += text
      show?.(text)
    }
  }
  const [exitCode] = await Promise.all([child.exited, collect(child.stdout), collect(child.stderr)])
  return { output, exitCode, tests: timesIn(readReport(report)), isShown: show !== undefined }
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
