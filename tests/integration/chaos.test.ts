import { expect, setDefaultTimeout, test } from "bun:test"
import { runTrial } from "../../chaos/trial.ts"

// The trial injects faults for eight seconds, then waits until every client is complete.
setDefaultTimeout(90_000)

test("nothing confirmed is lost, duplicated or misordered while the server is killed and connections are cut", async () => {
  const { summary, violations, reportPath } = await runTrial({ seconds: 8, seed: 8, readers: 12, senders: 6 })

  expect({ violations: violations.slice(0, 5), reportPath }).toEqual({
    violations: [],
    reportPath: undefined,
  })
  // Or nothing was tried.
  expect(summary.kills).toBeGreaterThan(0)
  expect(summary.faults).toBeGreaterThan(summary.kills)
  expect(summary.confirmed).toBeGreaterThan(100)
  expect(summary.edited).toBeGreaterThan(0)
  expect(summary.deleted).toBeGreaterThan(0)
  expect(summary.shown).toBeGreaterThan(summary.confirmed)
})
