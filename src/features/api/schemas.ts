import { z } from "zod"

/** A JSON Schema, as far as documentation reads it. */
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

/** Turns the contract's schemas into JSON Schemas (2020-12) that name those of `named` instead of repeating them. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {}
  readonly #registry = z.registry<{ id: string }>()

  constructor(named: Record<string, z.ZodType>) {
    for (const [id, schema] of Object.entries(named)) this.#registry.add(schema, { id })
    for (const [id, schema] of Object.entries(named)) this.components[id] = this.#definition(id, schema)
  }

  /** What may be sent (`input`), or what is answered. */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { $schema, $defs, ...rest } = this.#convert(schema, io)
    return rest
  }

  #definition(id: string, schema: z.ZodType): JsonSchema {
    const { $defs } = this.#convert(z.array(schema), "output")
    const definition = $defs?.[id]
    if (!definition) throw new Error(`No schema came of ${id}`)
    const { id: _, ...rest } = definition as JsonSchema & { id?: string }
    return rest
  }

  #convert(schema: z.ZodType, io: "input" | "output") {
    const converted = z.toJSONSchema(schema, {
      io,
      metadata: this.#registry,
      // What no JSON can hold is none of an API's; times are text there.
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema._zod.def.type === "date")
          Object.assign(jsonSchema, { type: "string", format: "date-time" })
        // Fields may be added: who reads must not break on one they do not know.
        delete jsonSchema.additionalProperties
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      },
    })
    const text = JSON.stringify(converted).replaceAll('"#/$defs/', `"${prefix}`)
    return JSON.parse(text) as JsonSchema & { $schema?: string; $defs?: Record<string, JsonSchema> }
  }
}

/** What a schema allows, in a few words, as in `Message[]` or `integer | null`. */
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

/** The bounds of a value, in a few words; empty when it has none. */
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
