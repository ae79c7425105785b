import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { openAssets } from "../../src/web/assets.ts"
import { launch, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

setDefaultTimeout(60_000)

test("the built server serves pages, files and lazy modules, and stores messages", async () => {
  using folder = temporaryFolder()
  using build = launch(["run", "build"], folder.path)
  expect([await build.ended(), build.said()]).toEqual([0, expect.stringContaining("files in dist/")])

  using server = await startProcess(folder.path, {}, "dist/main.js")
  const get = async (path: string) => {
    const response = await fetch(`${server.origin}${path}`)
    return { status: response.status, text: await response.text() }
  }
  const page = await get("/login")
  const styles = page.text.match(/<link[^>]+href="(\/[^"]+\.css[^"]*)"/)?.[1]
  const alice = await Program.signIn(server.origin, "alice")
  await alice.send("from the joined server")

  const fromSources = await openAssets(join(import.meta.dir, "../../static"))

  expect(page.text).toContain("<form")
  expect((await get(styles ?? "/no-styles")).status).toBe(200)
  // The joined files are the same, down to the last byte.
  expect(styles).toBe(fromSources.url("app.css"))
  expect((await get("/api/openapi.json")).text).toContain('"sendMessage"')
  expect(await alice.history()).toContain("from the joined server")
})
