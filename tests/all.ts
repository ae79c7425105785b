import { readdirSync } from "node:fs"
import { join } from "node:path"

const folder = import.meta.dir

/** The ways `bun test` is run here: a test has half a minute, and a second try where the machine was at fault. */
const command = [process.execPath, "test", "--timeout", "30000", "--retry=1"]

/**
 * Runs the tests that are named, or all: those in a browser beside the others, since either wait more than they
 * work. What the others say is shown when the browser's are through.
 */
async function main(named: string[]): Promise<number> {
  if (named.length > 0) return start(named, "inherit").exited

  const others = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["browser", "support"].includes(entry.name))
    .map(({ name }) => `tests/${name}/`)
  const beside = start(others, "pipe")
  const said = Promise.all([beside.stdout, beside.stderr].map((stream) => new Response(stream).text()))
  const first = await start(["tests/browser/"], "inherit").exited
  for (const text of await said) process.stdout.write(text)
  return first || (await beside.exited)
}

function start<Output extends "inherit" | "pipe">(paths: string[], output: Output) {
  return Bun.spawn([...command, ...paths], {
    cwd: join(folder, ".."),
    stdin: "ignore",
    stdout: output,
    stderr: output,
  })
}

process.exit(await main(process.argv.slice(2)))
