import { expect, setDefaultTimeout, test } from "bun:test"
import { runTrial } from "../../chaos/trial.ts"

// The trial takes eight seconds, and then waits for everyone to come to rest.
setDefaultTimeout(90_000)

test("nothing confirmed is lost, doubled or misordered while the server is killed and lines are cut", async () => {
  const { figures, violations, record } = await runTrial({ seconds: 8, seed: 8, readers: 12, senders: 6 })

  expect({ violations: violations.slice(0, 5), record }).toEqual({ violations: [], record: undefined })
  // Or nothing was tried.
  expect(figures.kills).toBeGreaterThan(0)
  expect(figures.faults).toBeGreaterThan(figures.kills)
  expect(figures.confirmed).toBeGreaterThan(500)
  expect(figures.edited).toBeGreaterThan(0)
  expect(figures.deleted).toBeGreaterThan(0)
  expect(figures.shown).toBeGreaterThan(figures.confirmed)
})
