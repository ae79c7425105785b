import { z } from "zod"
import { refuse } from "./result.ts"

/** Deeper than any input of a contract is, and far from what a stack can hold. */
const maxDepth = 64

/**
 * Reads JSON as a schema's input: text that is a time, in ISO 8601, becomes a `Date` where the schema wants one.
 * Throws a `Refusal` (400) for what is no JSON; what does not fit the schema is left as it is, for the schema to say.
 */
export function inputFromJson(schema: z.ZodType, text: string): unknown {
  return reading(schema, parsed(text), false)
}

/**
 * The same of a query string or form, where everything is text: numbers and booleans are read where the schema
 * wants them, and a name that comes more than once is a list.
 */
export function inputFromFields(schema: z.ZodType, fields: URLSearchParams): unknown {
  const names = [...new Set(fields.keys())]
  if (names.length === 0 && schema.safeParse(null).success) return null

  // Not an object literal: a field may be called `__proto__`.
  const values = names.map((name) => {
    const all = fields.getAll(name)
    return [name, all.length === 1 ? all[0] : all]
  })
  return reading(schema, Object.fromEntries(values), true)
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text)
    if (isDeeper(value, maxDepth)) throw new RangeError(`nested more than ${maxDepth} deep`)
    return value
  } catch (error) {
    const message = `The body is not JSON that can be read: ${(error as Error).message}`
    return refuse(message, 400, { issues: [{ path: "", message }] })
  }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false
  return depth === 0 || Object.values(value).some((part) => isDeeper(part, depth - 1))
}

/** Walks a value along its schema, as far as the two have the same shape. */
function reading(schema: z.core.$ZodType, value: unknown, isText: boolean): unknown {
  const inside = (part: z.core.$ZodType, given: unknown) => reading(part, given, isText)
  const { def } = (schema as z.core.$ZodTypes)._zod

  switch (def.type) {
    case "optional":
    case "nullable":
    case "nonoptional":
    case "default":
    case "prefault":
    case "readonly":
    case "catch":
      return inside(def.innerType, value)
    case "pipe":
      return inside(def.in, value)
    case "lazy":
      return inside(def.getter(), value)
    case "union": {
      const readings = def.options.map((option) => [option, inside(option, value)] as const)
      return readings.find(([option, given]) => z.safeParse(option, given).success)?.[1] ?? value
    }
    case "object": {
      if (!isRecord(value)) return value
      const { shape } = def
      return mapValues(value, (part, name) =>
        Object.hasOwn(shape, name) ? inside(shape[name] as z.core.$ZodType, part) : part,
      )
    }
    case "record":
      return isRecord(value) ? mapValues(value, (part) => inside(def.valueType, part)) : value
    case "array":
      if (isText && typeof value === "string") return [inside(def.element, value)]
      return Array.isArray(value) ? value.map((part) => inside(def.element, part)) : value
    case "date":
      return typeof value === "string" && z.iso.datetime({ offset: true }).safeParse(value).success
        ? new Date(value)
        : value
    case "number":
      return isText && typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value
    case "boolean":
      return isText && (value === "true" || value === "false") ? value === "true" : value
    case "literal":
      return isText ? (def.values.find((known) => String(known) === value) ?? value) : value
    default:
      return value
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function mapValues(
  value: Record<string, unknown>,
  map: (part: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part, name)]))
}
