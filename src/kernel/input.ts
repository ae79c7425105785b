import { z } from "zod"
import { refuse } from "./result.ts"

/** Deeper than any input of a contract, and far below what would overflow the stack. */
const maxDepth = 64

/**
 * Reads JSON text as the input of a schema: ISO 8601 strings become a `Date` where the schema has a date. Refuses
 * with 400 what is not JSON. A value that does not fit the schema is returned as it is, for the schema to refuse.
 *
 * @example
 * inputFromJson(z.object({ at: z.date() }), '{"at":"2026-01-01T00:00:00Z"}') // { at: Date }
 */
export function inputFromJson(schema: z.ZodType, text: string): unknown {
  return coerce(schema, parseJson(text), false)
}

/**
 * Reads a query string or form as the input of a schema. All values are text, so numbers and booleans are converted
 * where the schema has them; a repeated name becomes an array. No fields at all become `null` if the schema takes it.
 */
export function inputFromFields(schema: z.ZodType, fields: URLSearchParams): unknown {
  const names = [...new Set(fields.keys())]
  if (names.length === 0 && schema.safeParse(null).success) return null

  // Built from entries: assigning a field called `__proto__` would change the prototype.
  const values = names.map((name) => {
    const all = fields.getAll(name)
    return [name, all.length === 1 ? all[0] : all]
  })
  return coerce(schema, Object.fromEntries(values), true)
}

function parseJson(text: string): unknown {
  try {
    const value = JSON.parse(text)
    if (isDeeper(value, maxDepth)) throw new RangeError(`nested more than ${maxDepth} deep`)
    return value
  } catch (error) {
    const message = `The body is not valid JSON: ${(error as Error).message}`
    return refuse(message, 400, { issues: [{ path: "", message }] })
  }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false
  return depth === 0 || Object.values(value).some((part) => isDeeper(part, depth - 1))
}

/** Walks schema and value together, as far as their shapes agree. With `isText` all leaves are text. */
function coerce(schema: z.core.$ZodType, value: unknown, isText: boolean): unknown {
  const inner = (part: z.core.$ZodType, given: unknown) => coerce(part, given, isText)
  const { def } = (schema as z.core.$ZodTypes)._zod

  switch (def.type) {
    case "optional":
    case "nullable":
    case "nonoptional":
    case "default":
    case "prefault":
    case "readonly":
    case "catch":
      return inner(def.innerType, value)
    case "pipe":
      return inner(def.in, value)
    case "lazy":
      return inner(def.getter(), value)
    case "union": {
      const candidates = def.options.map((option) => [option, inner(option, value)] as const)
      return candidates.find(([option, candidate]) => z.safeParse(option, candidate).success)?.[1] ?? value
    }
    case "object": {
      const { shape } = def
      return mapValues(value, (part, name) =>
        Object.hasOwn(shape, name) ? inner(shape[name] as z.core.$ZodType, part) : part,
      )
    }
    case "record":
      return mapValues(value, (part) => inner(def.valueType, part))
    case "array":
      if (isText && typeof value === "string") return [inner(def.element, value)]
      return Array.isArray(value) ? value.map((part) => inner(def.element, part)) : value
    default:
      return typeof value === "string" ? coerceText(def, value, isText) : value
  }
}

/** A leaf of the schema: what the text stands for, or the text itself. */
function coerceText(def: z.core.$ZodTypes["_zod"]["def"], text: string, isText: boolean): unknown {
  if (def.type === "date") return isIsoDateTime(text) ? new Date(text) : text
  if (!isText) return text

  if (def.type === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (def.type === "boolean") return text === "true" || (text === "false" ? false : text)
  if (def.type === "literal") return def.values.find((known) => String(known) === text) ?? text
  return text
}

function isIsoDateTime(text: string): boolean {
  return z.iso.datetime({ offset: true }).safeParse(text).success
}

/** A copy with all values mapped; anything but a plain object is returned as it is. */
function mapValues(value: unknown, map: (part: unknown, name: string) => unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value

  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part, name)]))
}
