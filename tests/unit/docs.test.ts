import { expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import type { z } from "zod"
import { covenant } from "../../src/covenant.ts"
import { openApiOf } from "../../src/features/api/openapi.ts"
import { operationsOf } from "../../src/features/api/operations.ts"
import { pageOf } from "../../src/features/api/page.ts"
import { sectionsOf } from "../../src/features/api/sections.ts"
import { topicsOf } from "../../src/features/api/topics.ts"
import { features } from "../../src/features/index.ts"

// The API documentation is complete. That it is correct is tested by tests/integration/http/docs.test.ts.

const sections = await sectionsOf(features)
const operations = operationsOf(sections, covenant.procedures)
const topics = topicsOf(sections, covenant.channels)
const named: Record<string, z.ZodType> = Object.assign({}, ...sections.map(({ schemas }) => schemas))
const documented = sections.flatMap(({ procedures }) => Object.keys(procedures ?? {}))
const howTo =
  "Write it in the feature's docs.ts ({ summary, fails, fields, examples }), as src/features/invites/docs.ts does"
/** Other protocols, which have tests of their own. */
const notJson = new Set(["covenant", "openSocket"])

test("every procedure and endpoint has an example that works", () => {
  const without = operations.filter(
    ({ id, examples }) => !notJson.has(id) && !examples.some(({ status }) => status < 400),
  )

  const names = without.map(({ id }) => id)
  if (names.length > 0) throw new Error(`Without an example: ${names.join(", ")}. ${howTo}`)
})

test("everything is documented exactly once", () => {
  const ids = operations.map(({ id }) => id)
  const schemas = sections.flatMap(({ schemas }) => Object.keys(schemas ?? {}))

  const channels = sections.flatMap(({ channels }) => Object.keys(channels ?? {}))

  expect(documented.toSorted()).toEqual(Object.keys(covenant.procedures).toSorted())
  expect(channels.toSorted()).toEqual(Object.keys(covenant.channels).toSorted())
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  expect(schemas.filter((name, at) => schemas.indexOf(name) !== at)).toEqual([])
})

test("every explained field exists, and every name in a path is explained", () => {
  const page = pageOf({ operations, named, topics, origin: "https://chat.example.org" })
  const shown = new Map(page.sections.flatMap(({ operations }) => operations).map((one) => [one.id, one]))

  for (const { id, fields } of operations) {
    const names = shown.get(id)?.fields.map(({ name }) => name) ?? []
    expect([id, Object.keys(fields).filter((name) => !names.includes(name))]).toEqual([id, []])
    const unsaid = shown.get(id)?.fields.filter(({ name, about }) => !about && !/Id$|^id$/.test(name)) ?? []
    const inPath = unsaid.filter(({ name }) => shown.get(id)?.path.includes(`{${name}}`))
    expect([id, inPath]).toEqual([id, []])
  }
})

test("the description is valid OpenAPI 3.1", async () => {
  const openApi = openApiOf(operations, named, topics) as Record<string, unknown>

  const { valid, errors } = await new Validator().validate(structuredClone(openApi))

  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
  const broken = { ...openApi, paths: { "/x": { get: { responses: { 200: {} } } } } }
  expect((await new Validator().validate(broken)).valid).toBe(false) // or it accepts anything
})
