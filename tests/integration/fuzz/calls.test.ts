import { describe, expect, setDefaultTimeout, test } from "bun:test"
import ION from "@covenant-rpc/ion"
import fc from "fast-check"
import { covenant } from "../../../src/covenant.ts"
import { createTestServer } from "../../support/server.ts"
import { deep, each, expectAnswer, noteErrors, text, unlucky, withstands } from "./attack.ts"

setDefaultTimeout(120_000)
noteErrors()

describe("calls over the wire", () => {
  const ion = fc.oneof(
    fc.anything({ withDate: true, withMap: true, withSet: true, maxDepth: 3 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, new Date(8.64e15), new Map([[{}, new Set()]]), {
      toString: 1,
    }),
    text,
  )
  const broken = fc.constantFrom(
    ...[
      "",
      "date:",
      "date:x",
      "map{",
      "map {1:}",
      "set[1",
      '{"__proto__":{"isAdmin":true}}',
      "[1,,2]",
      "-",
      "1e",
      '"\\u00',
    ],
    ...[
      '{"procedure":{"toString":1}}',
      '{"procedure":{"valueOf":null,"toString":null}}',
      '{"channel":{"toString":[]}}',
    ],
    ...[
      "map{}",
      "set{}",
      "null",
      "0",
      '{"procedure":map{},"inputs":set{}}',
      '{"procedure":"toString","inputs":null}',
    ],
  )

  test("break nothing, in any of the contract's procedures and channels", async () => {
    using server = await createTestServer({ RATE_LIMIT_LOGINS: "2/10m" })
    const names = Object.keys(covenant.procedures).filter(
      (name) => !/logout|OtherSessions|login|signUp/.test(name),
    )
    expect(names.length).toBeGreaterThan(20)

    await withstands(server, async ({ reads, ids }) => {
      // Most of it right, or nothing would get further than to be checked for its shape.
      const right = { ...unlucky(ids), ...{ name: "new", content: "new", position: 1, limit: 5, maxUses: 1 } }
      const some = fc.oneof(fc.constantFrom(...Object.values(right)), text, ion)
      const optional = { sessionId: some, reason: some, before: some, after: some, expiresInSeconds: some }
      const passwords = { currentPassword: some, newPassword: some, password: some }
      const needed: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
        Object.entries(right).map(([name, value]) => [
          name,
          fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, some),
        ]),
      )
      const any = fc.record({ ...optional, ...passwords, ...needed }, { requiredKeys: [] })
      const inputs = fc.oneof({ weight: 3, arbitrary: fc.record(needed) }, { weight: 2, arbitrary: any }, ion)
      const asked = fc.oneof(
        { weight: 6, arbitrary: fc.record({ procedure: fc.constantFrom(...names), inputs }) },
        fc.record({ procedure: some, inputs }),
        {
          weight: 2,
          arbitrary: fc.record({
            channel: fc.oneof(fc.constantFrom("chat", "presence"), some),
            params: inputs,
            data: ion,
          }),
        },
      )
      const content = fc.oneof(
        { weight: 8, arbitrary: asked.map(toIon) },
        broken,
        deep,
        deep.map((nested) => `{"procedure":"getServers","inputs":${nested}}`),
        deep.map((nested) => `{"channel":"chat","params":${nested}}`),
      )
      const visit = fc.record({ who: fc.constantFrom("mallory", "mallory", "mallory", "nobody"), content })

      await each(visit, 700, async ({ who, content }) => {
        const headers: Record<string, string> =
          who === "mallory" ? { authorization: `Bearer ${server.cast.mallory.token}` } : {}
        const address = `${server.origin}/api/covenant${content.includes('"channel"') ? "?type=connect" : ""}`
        const answer = await fetch(address, { method: "POST", headers, body: content.toWellFormed() })
        await expectAnswer(answer, reads)
      })
    })
  })

  /** What the encoder takes of it. */
  function toIon(any: unknown): string {
    try {
      return ION.stringify(any as never)
    } catch {
      return "{}"
    }
  }
})
