import { z } from "zod"

/** The parts of a JSON Schema that the documentation uses. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  description?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  default?: unknown
}

const prefix = "#/components/schemas/"

/** Converts zod schemas to JSON Schemas (2020-12) that refer to the `named` ones instead of repeating them. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {}
  readonly #registry = z.registry<{ id: string }>()

  constructor(named: Record<string, z.ZodType>) {
    for (const [id, schema] of Object.entries(named)) this.#registry.add(schema, { id })
    for (const [id, schema] of Object.entries(named)) this.components[id] = this.#definition(id, schema)
  }

  /** `input`: values that may be sent. `output`: values that are returned. */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { $schema, $defs, ...rest } = this.#convert(schema, io)
    return rest
  }

  #definition(id: string, schema: z.ZodType): JsonSchema {
    const { $defs } = this.#convert(z.array(schema), "output")
    const definition = $defs?.[id]
    if (!definition) throw new Error(`The schema ${id} could not be converted`)
    const { id: _, ...rest } = definition as JsonSchema & { id?: string }
    return rest
  }

  #convert(schema: z.ZodType, io: "input" | "output") {
    const converted = z.toJSONSchema(schema, {
      io,
      metadata: this.#registry,
      // The contract's outputs hold nothing that JSON cannot, except times, which become text.
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema._zod.def.type === "date")
          Object.assign(jsonSchema, { type: "string", format: "date-time" })
        // Fields may be added later, so clients must accept unknown ones.
        delete jsonSchema.additionalProperties
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      },
    })
    const text = JSON.stringify(converted).replaceAll('"#/$defs/', `"${prefix}`)
    return JSON.parse(text) as JsonSchema & { $schema?: string; $defs?: Record<string, JsonSchema> }
  }
}

/** A short notation of a schema's type, such as `Message[]` or `integer | null`. */
export function typeText(schema: JsonSchema): string {
  const { $ref, type, properties, items, anyOf, format } = schema
  if ($ref) return $ref.slice(prefix.length)
  if ("const" in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ")
  if (anyOf) return anyOf.map(typeText).join(" | ")
  if (items) {
    const item = typeText(items)
    return item.includes(" ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`
  }
  if (properties) {
    const fields = Object.entries(properties).map(
      ([name, field]) => `${name}${schema.required?.includes(name) ? "" : "?"}: ${typeText(field)}`,
    )
    return `{ ${fields.join(", ")} }`
  }
  if (format === "date-time") return "time"
  if (format === "uuid" || format === "guid") return "UUID"
  return [type ?? "anything"].flat().join(" | ")
}

/** The bounds of a value in words; empty when there are none. */
export function boundsText({ minimum, maximum, minLength, maxLength, maxItems }: JsonSchema): string {
  const between = (from?: number, to?: number) => {
    if (from !== undefined && to !== undefined) return `${from} to ${to}`
    return from !== undefined ? `at least ${from}` : to !== undefined ? `at most ${to}` : ""
  }
  const length = between(minLength, maxLength)
  return [between(minimum, maximum), length && `${length} characters`, maxItems && `at most ${maxItems}`]
    .filter(Boolean)
    .join(", ")
}
