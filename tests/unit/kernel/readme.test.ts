import { expect, test } from "bun:test"
import { join } from "node:path"
import { until } from "../../support/listen.ts"
import { temporaryFolder } from "../../support/process.ts"

const kernel = join(import.meta.dir, "../../../src/kernel")

test("the README's example runs as it is and prints what its comments say", async () => {
  using folder = temporaryFolder()
  const readme = await Bun.file(join(kernel, "README.md")).text()
  const code = readme.match(/```ts\n([\s\S]*?)```/)?.[1] ?? ""
  const file = join(folder.path, "example.ts")
  const paths = { "./index.ts": join(kernel, "index.ts"), zod: Bun.resolveSync("zod", kernel) }
  const placed = Object.entries(paths).reduce(
    (text, [from, to]) => text.replace(`"${from}"`, `"${to}"`),
    code,
  )
  // The example listens until it is stopped: here by a line on its standard input.
  await Bun.write(file, `${placed}\nfor await (const _ of console) break\nstop(); client.disconnect()`)

  const program = Bun.spawn([process.execPath, file], { stdin: "pipe", stdout: "pipe", stderr: "pipe" })
  let output = ""
  for await (const chunk of program.stdout) {
    const wasComplete = output.includes("milk")
    output += Buffer.from(chunk).toString()
    if (!wasComplete && output.includes("milk")) {
      program.stdin.write("stop\n")
      program.stdin.end()
    }
  }
  const errors = await new Response(program.stderr).text()

  expect(errors).toBe("")
  expect(output.replace(/\s+/g, " ").trim()).toBe('al: hello [] [ "milk" ]')
  await until("the example has ended", () => program.exitCode === 0)
})
