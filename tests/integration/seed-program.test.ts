import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { startProcess, temporaryFolder } from "../support/process.ts"

setDefaultTimeout(120_000)

const program = join(import.meta.dir, "../support/seed-program.ts")

test("a program that knows no more than Covenant's own text and client runs every example of it", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path, { RATE_LIMIT_MESSAGES: "20/10m" })

  const child = Bun.spawn([process.execPath, program, server.origin], { stdout: "pipe", stderr: "pipe" })
  const [said, complained] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])

  expect(complained).toBe("")
  expect(said.trimEnd().split("\n")).toHaveLength(13)
  expect(said).toEndWith("done\n")
  expect(await child.exited).toBe(0)
  // It uses nothing of ours.
  expect(await Bun.file(program).text()).not.toMatch(/from "\.{1,2}\//)
})
