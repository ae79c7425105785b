import { expect, setDefaultTimeout, test } from "bun:test"
import { codeBlocks } from "../../support/markdown.ts"
import { startProcess, temporaryFolder } from "../../support/process.ts"

// Runs the examples of docs/api.md on a server as `bun run dev` starts it.

setDefaultTimeout(60_000)

const [lines = "", following = ""] = await codeBlocks("docs/api.md", "sh")

// Without curl, tests/integration/http/docs.test.ts still sends the same requests.
test.skipIf(!Bun.which("curl"))("the documented shell commands work", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  expect(lines).toContain("http://localhost:3000")

  const shell = Bun.spawn(["sh", "-eu", "-c", lines.replaceAll("http://localhost:3000", server.origin)], {
    stdout: "pipe",
    stderr: "pipe",
  })
  const [said, complained] = [await shell.stdout.text(), await shell.stderr.text()]

  expect([await shell.exited, complained]).toEqual([0, ""])
  const [deployed, once, again, all] = said.replaceAll("}{", "}\n{").replace("}[", "}\n[").split("\n")
  expect(JSON.parse(deployed ?? "")).toMatchObject({ content: "Deployed.", username: "alice" })
  expect(JSON.parse(again ?? "")).toEqual(JSON.parse(once ?? ""))
  const contents = JSON.parse(all ?? "").map(({ content }: { content: string }) => content)
  expect(contents.slice(-2)).toEqual(["Deployed.", "Once."])
})

test.skipIf(!Bun.which("curl"))(
  "the documented commands that follow a channel print its messages",
  async () => {
    using folder = temporaryFolder()
    using server = await startProcess(folder.path)
    const before = lines.replaceAll("http://localhost:3000", server.origin).replace(/^ask .*/gm, "")
    const say = 'ask $ROOM/messages --json \'{"content":"Deployed."}\' >/dev/null'
    const [asText, asJson] = following.split("\n")
    const text = / alice: Deployed\.$/m
    const message = /^\{.*"content":"Deployed\.".*\}$/m

    for (const [line, shown] of [
      [asText, text],
      [asJson, message],
    ] as const) {
      const shell = Bun.spawn(["sh", "-eu", "-c", `${before}\n${say}\n${line}`], { stdout: "pipe" })
      let said = ""
      for await (const chunk of shell.stdout) {
        said += Buffer.from(chunk).toString()
        if (shown.test(said)) break
      }
      shell.kill()
      expect(said).toMatch(shown)
    }
  },
)
