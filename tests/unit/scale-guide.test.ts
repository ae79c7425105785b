import { expect, test } from "bun:test"
import { parseConfig } from "../../src/config.ts"
import { createMetrics, registerBusMetrics } from "../../src/observability/metrics.ts"
import { registerProcessMetrics } from "../../src/observability/process-metrics.ts"
import { codeBlocks, root } from "../support/markdown.ts"

// The guide to several nodes agrees with the code. What it says about Postgres' programs is run by
// tests/integration/postgres/backup.test.ts.

const path = "docs/scale.md"
const text = await Bun.file(`${root}/${path}`).text()

/** How long a stopping server takes at most after the drain, in seconds: see `src/main.ts`. */
const stopSeconds = 10

async function readEnvironment(): Promise<Record<string, string>> {
  const blocks = await codeBlocks(path, "sh")
  const block = blocks.find((code) => code.includes("TRUST_PROXY=")) ?? ""
  return Object.fromEntries(
    block
      .trim()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  )
}

test("a node starts with the environment of the guide", async () => {
  const config = parseConfig(await readEnvironment())

  expect(config.database).toMatchObject({
    url: expect.stringMatching(/^postgres:/),
    redisUrl: expect.any(String),
  })
  expect(config.storage).toMatchObject({ bucket: "chat-files" })
  expect([config.production, config.trustProxy, config.secureCookies]).toEqual([true, true, true])
})

test("systemd waits until a node has drained and stopped", async () => {
  const { drainSeconds } = parseConfig(await readEnvironment())
  const timeout = Number(text.match(/TimeoutStopSec=(\d+)/)?.[1])

  expect(drainSeconds).toBeGreaterThan(0)
  expect(timeout).toBeGreaterThanOrEqual(drainSeconds + stopSeconds)
})

test("the metrics to watch exist", () => {
  const { registry } = createMetrics()
  registerProcessMetrics(registry)
  const counts = { nodes: 0, lost: 0, sent: 0, received: 0, skipped: 0, missed: 0 }
  registerBusMetrics(registry, { stats: () => ({ ...counts, isUp: true }) })
  const known = registry.text()
  const named = [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)

  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !known.includes(`# TYPE ${name} `))).toEqual([])
})
