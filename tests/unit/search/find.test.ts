import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { findNewest } from "../../../src/features/search/find.ts"
import { bodyPhrase } from "../../../src/features/search/word-index.ts"
import { createTestChat, expectData } from "../../support/chat.ts"
import { say } from "../../support/say.ts"

const hourMs = 3_600_000
const count = 60

test("a search that stops for want of time goes on where it stopped, until it had everything once", async () => {
  using app = await createTestChat()
  const { commits } = app.chat
  const { alice } = app.cast
  for (let i = 0; i < count; i++) {
    const id = await say(app, alice, i % 2 ? `odd ${i}` : `even ${i}${i % 4 ? "" : " four"}`)
    // From minutes to months apart, so that pieces of all sizes are looked through.
    const at = Date.now() - hourMs * (count - i) ** 2.4
    await commits.decide((tx) =>
      tx.run(sql`update messages set created_at = ${Math.round(at)} where id = ${id}`),
    )
  }
  const all = expectData(await alice.client.query("searchMessages", { query: "even -four", limit: 50 }))
  const contents = all.results.map(({ message }) => message.content)
  expect(contents).toHaveLength(15)
  expect(all).toMatchObject({ older: null, lookedBackTo: null })

  const asked = {
    ...{
      viewerId: alice.id,
      required: [bodyPhrase(["even"])],
      parts: [bodyPhrase(["even"])],
      excluded: [bodyPhrase(["four"])],
    },
    ...{ low: 0, limit: 50 },
  }
  const pace = { budgetMs: 0, minCount: 3, maxRare: 0 }
  const found: string[] = []
  let pages = 0
  for (let high: number | null = Number.MAX_SAFE_INTEGER; high !== null; pages++) {
    const page = await findNewest(app.chat, { ...asked, high }, pace)
    expect(page.rest ?? 0).toBeLessThan(high)
    found.push(...page.matches.map(({ message }) => message.content))
    high = page.rest
  }
  expect(pages).toBeGreaterThan(10)
  expect(found).toEqual(contents)

  // With time, and where something is rare, it is done at once.
  for (const enough of [{ budgetMs: 1000 }, { maxRare: 30 }]) {
    const page = await findNewest(
      app.chat,
      { ...asked, high: Number.MAX_SAFE_INTEGER },
      { ...pace, ...enough },
    )
    expect([page.rest, page.matches.map(({ message }) => message.content)]).toEqual([null, contents])
  }
})
