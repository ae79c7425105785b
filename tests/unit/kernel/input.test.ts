import { expect, test } from "bun:test"
import { z } from "zod"
import { inputFromFields, inputFromJson, Refusal } from "../../../src/kernel/index.ts"

const at = "2026-03-14T15:09:26.535Z"
const fields = (schema: z.ZodType, text: string) => inputFromFields(schema, new URLSearchParams(text))

test("ISO 8601 text becomes a Date wherever the schema has a date, and nowhere else", () => {
  const schema = z.object({
    at: z.date(),
    note: z.string(),
    until: z.date().nullish(),
    each: z.array(z.union([z.object({ from: z.date() }), z.object({ name: z.string() })])),
    by: z.record(z.string(), z.date()),
  })
  const text = JSON.stringify({
    at,
    note: at,
    until: null,
    each: [{ from: at }, { name: at }],
    by: { bob: at },
  })

  const input = schema.parse(inputFromJson(schema, text))

  const time = new Date(at)
  const each = [{ from: time }, { name: at }]
  expect(input).toEqual({ at: time, note: at, until: null, each, by: { bob: time } } as never)
})

test("text that is no date is left for the schema to refuse", () => {
  const schema = z.object({ at: z.date() })

  for (const bad of ["tomorrow", "2026-99-99T00:00:00Z", 5, {}]) {
    expect(schema.safeParse(inputFromJson(schema, JSON.stringify({ at: bad }))).success).toBe(false)
  }
})

test("fields become numbers, booleans and arrays where the schema has them", () => {
  const schema = z.object({
    limit: z.int().optional(),
    ratio: z.number().default(1),
    all: z.boolean().optional(),
    name: z.string().optional(),
    ids: z.array(z.string()).optional(),
    counts: z.array(z.int()).optional(),
    kind: z.literal([1, "two"]).optional(),
  })

  expect(fields(schema, "limit=5&ratio=-0.5&all=false&name=7&ids=a&counts=1&counts=2&kind=1")).toEqual({
    ...{ limit: 5, ratio: -0.5, all: false, name: "7", ids: ["a"], counts: [1, 2], kind: 1 },
  })
  for (const odd of ["limit=5x", "limit=", "limit=1e3", "limit=0x10", "limit=1&limit=2", "all=yes"]) {
    expect([odd, schema.safeParse(fields(schema, odd)).success]).toEqual([odd, false])
  }
})

test("no fields are null for a null schema, and an empty object for an object schema", () => {
  expect(fields(z.null(), "")).toBeNull()
  expect(fields(z.object({ name: z.string().optional() }), "")).toEqual({})
})

test("fields may be named like inherited properties", () => {
  const schema = z.object({ name: z.string() })

  const fromText = fields(schema, "__proto__=x&constructor=y&name=z")
  const fromJson = inputFromJson(schema, '{"__proto__":{"name":"x"},"name":"z"}')

  for (const read of [fromText, fromJson]) {
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(Object.hasOwn(read as object, "__proto__")).toBe(true)
    expect(schema.parse(read)).toEqual({ name: "z" })
  }
})

test.each([
  ["half of it", '{"name":'],
  ["nothing", " "],
  ["deeper than any input", `${"[".repeat(100)}${"]".repeat(100)}`],
  ["deeper than a stack", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
])("%s is not JSON: it is refused with the position", (_, text) => {
  expect(() => inputFromJson(z.unknown(), text)).toThrow(Refusal)
  expect(() => inputFromJson(z.unknown(), text)).toThrow(/^The body is not valid JSON: ./)
})
