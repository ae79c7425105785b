import { afterAll, beforeAll, expect, type Mock, spyOn } from "bun:test"
import fc from "fast-check"
import { errorsSeenBy, silent } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { type Ids, idsOf } from "../../support/routes.ts"
import type { TestServer, Visitor } from "../../support/server.ts"
import { post } from "../transports/transport.ts"

// With any input from the network the server stays up, reveals nothing and answers without a 500. Every run has
// a seed, which a failure prints; `FUZZ_SEED=7 FUZZ_RUNS=10 bun test tests/integration/fuzz/` looks further.
const seed = Number(process.env.FUZZ_SEED ?? 1)
const times = Number(process.env.FUZZ_RUNS ?? 1)
const runs = (numRuns: number) => ({ seed, numRuns: numRuns * times, interruptAfterTimeLimit: 100_000 })

/** What alice said in a channel that outsiders may not read. */
const secret = "the launch code is 0451"
/** By one attack, with garbage and the test runner's own; what leaks or inflates takes far more. */
const maxGrowthBytes = 300 * 1024 * 1024

let errors: Mock<typeof silent.error>

/** Notes what the server logs as an error during the tests of this file. Call it once in each. */
export function noteErrors(): void {
  beforeAll(() => {
    errors = spyOn(silent, "error")
  })
  afterAll(() => errors.mockRestore())
}

export const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    ..."\0|\ud800|%00|%zz|..%2f|__proto__|constructor|toString|NaN|-1|1e999|9007199254740993|null|undefined".split(
      "|",
    ),
    ...[
      "' or 1=1 --",
      '"><img src=x onerror=y>',
      "\r\nset-cookie: a=b",
      "\u202e\u2066",
      "z\u0335\u0321".repeat(99),
    ],
    ...["x".repeat(2001), "[".repeat(5000), '{"a":'.repeat(2000), "https://".repeat(250)],
  ),
)
export const deep = fc
  .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ['{"content":', "}"], ['{"id":', "}"]), fc.nat(7000))
  .map(([[open = "", close = ""], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`)
export const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.constant(null))

interface Batch {
  ids: Ids
  /** Looks at what an outsider was told. */
  reads(answer: string): void
}

/** Lets something happen to a server that holds a secret, then looks whether it stands as before. */
export async function withstands(server: TestServer, attack: (batch: Batch) => Promise<void>): Promise<void> {
  const ids = await idsOf(server)
  expect(await post(server.as("alice"), server.room, secret)).toBe(200)
  const secrets = [secret, ids.code, server.cast.bob.token, server.cast.alice.token, "$argon2"]
  const [before, stats] = [rss(), held(server)]
  errors.mockClear()

  await attack({
    ids,
    reads(answer) {
      for (const one of secrets) expect(answer.includes(one)).toBe(false)
    },
  })

  expect(errorsSeenBy(errors)).toEqual([])
  await until("all that was opened is closed", () => Bun.deepEquals(held(server), stats))
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
  expect(await post(server.as("alice"), server.room, "still here")).toBe(200)
  const page = await (await server.as("bob").get(server.roomPath)).text()
  expect(page).toContain("still here") // and members still read what outsiders were not told
  expect(rss() - before).toBeLessThan(maxGrowthBytes)
}

/** What connections leave behind; tokens nobody used expire by themselves. */
function held({ chat }: TestServer) {
  const { tokens: _, ...rest } = chat.sidekick.stats()
  return rest
}

function rss(): number {
  Bun.gc(true)
  return process.memoryUsage().rss
}

/** Runs a property; what it throws names the seed and the smallest case that fails. */
export async function each<T>(arbitrary: fc.Arbitrary<T>, count: number, holds: (value: T) => Promise<void>) {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      errors.mockClear()
      await holds(value)
      // Also what went wrong behind the answer.
      expect(errorsSeenBy(errors)).toEqual([])
    }),
    runs(count),
  )
}

export async function expectAnswer(answer: Response, reads?: (text: string) => void): Promise<void> {
  const content = await answer.text()
  expect([answer.status, content.includes("Something went wrong") && content]).toEqual([
    expect.any(Number),
    false,
  ])
  expect(answer.status).toBeLessThan(500)
  reads?.(content + JSON.stringify([...answer.headers]))
}

export function visitorOf(server: TestServer, who: string): Visitor {
  return who === "nobody" ? server.visitor(null) : server.as(who as "alice")
}

/** What an outsider may have seen somewhere; an invite would make them no outsider. */
export const unlucky = (ids: Ids): Ids => ({ ...ids, code: "nothing" })
