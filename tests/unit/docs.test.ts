import { expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import type { z } from "zod"
import { covenant } from "../../src/covenant.ts"
import { openApiOf } from "../../src/features/api/openapi.ts"
import { operationsOf } from "../../src/features/api/operations.ts"
import { pageOf } from "../../src/features/api/page.ts"
import { sections } from "../../src/features/api/sections.ts"
import { topicsOf } from "../../src/features/api/topics.ts"

// What is said of the API. That it is true is shown in tests/integration/http/docs.test.ts.

const operations = operationsOf(sections, covenant.procedures)
const topics = topicsOf(sections, covenant.channels)
const named: Record<string, z.ZodType> = Object.assign({}, ...sections.map(({ schemas }) => schemas))
const documented = sections.flatMap(({ procedures }) => Object.keys(procedures ?? {}))
const howTo =
  "Write it in docs.ts beside the contract ({ summary, fails, fields, examples }), as src/features/invites/docs.ts does, and name that file in src/features/api/sections.ts"

const howToChannel =
  "Write it in docs.ts beside the contract ({ summary, fails }), as src/features/presence/docs.ts does, and name it in src/features/api/sections.ts"
/** Other protocols, whose own tests try them. */
const notJson = new Set(["covenant", "openSocket"])

test("every procedure of the contract has a documentation", () => {
  const missing = Object.keys(covenant.procedures).filter((name) => !documented.includes(name))

  if (missing.length > 0) throw new Error(`Not documented: ${missing.join(", ")}. ${howTo}`)
})

test("every channel of the contract has a documentation", () => {
  const told = sections.flatMap(({ channels }) => Object.keys(channels ?? {}))
  const missing = Object.keys(covenant.channels).filter((name) => !told.includes(name))

  if (missing.length > 0) throw new Error(`Not documented: ${missing.join(", ")}. ${howToChannel}`)
  expect(told.filter((name) => !Object.hasOwn(covenant.channels, name))).toEqual([])
})

test("every procedure and address has an example that works", () => {
  const without = operations.filter(
    ({ id, examples }) => !notJson.has(id) && !examples.some(({ status }) => status < 400),
  )

  const undocumented = new Set(Object.keys(covenant.procedures).filter((name) => !documented.includes(name)))
  const names = without.map(({ id }) => id).filter((id) => !undocumented.has(id))
  if (names.length > 0) throw new Error(`Without an example: ${names.join(", ")}. ${howTo}`)
})

test("nothing is documented that is not there, and nothing twice", () => {
  const ids = operations.map(({ id }) => id)
  const schemas = sections.flatMap(({ schemas }) => Object.keys(schemas ?? {}))

  expect(documented.filter((name) => !Object.hasOwn(covenant.procedures, name))).toEqual([])
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  expect(schemas.filter((name, at) => schemas.indexOf(name) !== at)).toEqual([])
})

test("every field that is explained is one, and every name in an address is explained", () => {
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
  expect((await new Validator().validate(broken)).valid).toBe(false) // or it says so of anything
})
