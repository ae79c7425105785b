import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { until } from "../support/listen.ts"
import { codeBlocks, root } from "../support/markdown.ts"
import { startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

// Runs the program of docs/clients.md in each runtime that it names.
setDefaultTimeout(120_000)
const patience = 40_000

const node = Bun.which("node")

test("the documented program answers, over a restart of the server too, in Bun", async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, "program.ts")
  await Bun.write(file, await documentedProgram())

  await pingPong(folder.path, [process.execPath, file])
})

test.skipIf(!node)("and in Node, from one file that needs nothing but the platform", async () => {
  using folder = temporaryFolder()
  const file = await bundle(folder.path, "node")
  // Node has a WebSocket of its own since 22; before, behind a switch.
  const major = Number(
    Bun.spawnSync([node ?? "", "--version"])
      .stdout.toString()
      .match(/v(\d+)/)?.[1],
  )

  await pingPong(folder.path, [node ?? "", ...(major < 22 ? ["--experimental-websocket"] : []), file])
})

test("what a page of somebody's own would load of it is small, and needs nothing that only servers have", async () => {
  using folder = temporaryFolder()
  const text = await Bun.file(await bundle(folder.path, "browser")).text()

  expect(text).not.toMatch(/\bimport\s*[{"'*]|\brequire\(|\bBun\.|node:|bun:/)
  expect(Bun.gzipSync(text).length).toBeLessThan(60 * 1024)
})

/** Runs it as alice; bob says "ping" until it answers, before and after a restart. */
async function pingPong(folder: string, command: string[]): Promise<void> {
  const first = await startProcess(folder)
  const port = new URL(first.origin).port
  const program = Bun.spawn([...command, first.origin], { stdout: "pipe", stderr: "pipe" })
  const complaints = new Response(program.stderr).text()
  const answers = async (bob: Program) => (await bob.history()).filter((content) => content === "pong").length
  try {
    let bob = await Program.signIn(first.origin, "bob")
    await until("it has come", async () => (await topicsOf(first.origin)) === 1, patience)
    await bob.send("ping")
    await until("it answers", async () => (await answers(bob)) === 1, patience)

    first.child.kill("SIGTERM")
    await first.ended()
    using second = await startProcess(folder, { PORT: port })
    bob = await Program.signIn(second.origin, "bob")
    // Said while it may still be away.
    await bob.send("ping")
    await until("it answers again", async () => (await answers(bob)) === 2, patience)
    await bob.send("ping")
    await until("it goes on", async () => (await answers(bob)) === 3, patience)
    expect(program.exitCode).toBeNull()
  } finally {
    program.kill()
    first.child.kill()
  }
  expect((await complaints).replace(/^.*ExperimentalWarning.*\n|^\(Use `node --trace.*\n/gm, "")).toBe("")
}

/** The documented program, with imports that work from any folder. */
async function documentedProgram(): Promise<string> {
  const [code = ""] = await codeBlocks("docs/clients.md", "ts")
  expect(code).toContain("client.messages(")

  return code.replaceAll('"./src/', `"${root}/src/`)
}

async function bundle(folder: string, target: "node" | "browser"): Promise<string> {
  const entry = join(folder, "entry.ts")
  await Bun.write(entry, await documentedProgram())
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    outdir: folder,
    target,
    naming: "program.mjs",
    minify: target === "browser",
  })
  return outputs[0]?.path ?? ""
}

/** How many channels someone reads live. */
async function topicsOf(origin: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(text.match(/^covenant_topics (\d+)/m)?.[1])
}
