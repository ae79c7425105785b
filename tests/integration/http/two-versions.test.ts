import { expect, test } from "bun:test"
import { appendFileSync, cpSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { createApp } from "../../../src/app.ts"
import { Balancer } from "../../../src/cli/cluster/balancer.ts"
import { NodePool } from "../../../src/cli/cluster/node-pool.ts"
import { openAssets, registerAssets } from "../../../src/web/assets.ts"
import { until } from "../../support/listen.ts"
import { root } from "../../support/markdown.ts"
import { temporaryFolder } from "../../support/process.ts"
import { assets, createTestServer } from "../../support/server.ts"

const names = ["app.css", "app.js", "interaction.js", "icons/icon.svg"]

/** Two nodes of different versions behind a balancer that sends requests to them in turn. */
async function startDeploy() {
  const folder = temporaryFolder()
  const changed = join(folder.path, "static")
  cpSync(join(root, "static"), changed, { recursive: true })
  for (const name of ["src", "node_modules"]) symlinkSync(join(root, name), join(folder.path, name))
  appendFileSync(join(changed, "styles/tokens.css"), "i { color: red }")
  appendFileSync(join(changed, "app.js"), "document.title += 1")
  const next = await openAssets(changed)

  const server = await createTestServer()
  const app = createApp(server.chat, next)
  app.listen({ port: 0, hostname: "127.0.0.1" })
  const ports = [server.app.server?.port ?? 0, app.server?.port ?? 0]
  const pool = new NodePool(ports.map((port) => ({ name: String(port), port })))
  const balancer = await Balancer.open({ port: 0, host: "127.0.0.1", pool })
  await until("both are ready", () => pool.healthy.length === 2)
  return {
    origin: `http://127.0.0.1:${balancer.port}`,
    versions: [assets, next],
    [Symbol.dispose]() {
      balancer.close()
      pool.close()
      app.server?.stop(true)
      server.close()
      registerAssets(assets)
      folder[Symbol.dispose]()
    },
  }
}

test("what may be cached during a rolling deploy is the file of its address' version", async () => {
  using deploy = await startDeploy()

  for (const version of deploy.versions) {
    for (const name of names) {
      const url = version.url(name)
      const right = await version
        .serve({ version: url.split("/")[2] ?? "", name }, new Request(deploy.origin))
        ?.text()
      const answers = [await ask(url), await ask(url)]

      expect(answers.map(({ caching }) => caching).toSorted()).toEqual([
        "no-store",
        "public, max-age=31536000, immutable",
      ])
      const kept = answers.filter(({ caching }) => caching !== "no-store").map(({ text }) => text)
      expect(kept).toEqual([right ?? ""])
    }
  }

  async function ask(url: string) {
    const response = await fetch(deploy.origin + url)
    return { caching: response.headers.get("cache-control"), text: await response.text() }
  }
})

test("a file that only one of the versions has is not remembered as missing", async () => {
  using deploy = await startDeploy()
  const url = deploy.versions[1]?.url("app.js").replace("app.js", "new.js")

  const response = await fetch(deploy.origin + url)

  expect(response.status).toBe(404)
  expect(response.headers.get("cache-control")).toMatch(/no-cache|no-store/)
})
