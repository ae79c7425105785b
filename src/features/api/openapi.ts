import type { z } from "zod"
import { introduction } from "./introduction.ts"
import type { Operation, RequestExample } from "./operations.ts"
import { type JsonSchema, Schemas } from "./schemas.ts"
import { ApiError } from "./sections.ts"
import type { Topic } from "./topics.ts"

/** Headers of responses to which a rate limit applies. */
const limitHeaders = {
  "RateLimit-Policy": 'Name, count and window in seconds: `"messages";q=10;w=10`',
  RateLimit: 'How many remain, and seconds until the window resets: `"messages";r=9;t=10`',
  "X-RateLimit-Limit": "Requests allowed in a window",
  "X-RateLimit-Remaining": "Requests remaining in the window",
  "X-RateLimit-Reset": "Seconds until the window resets",
}

/** Describes the whole API as OpenAPI 3.1. */
export function openApiOf(
  operations: Operation[],
  named: Record<string, z.ZodType>,
  topics: Topic[] = [],
): object {
  const schemas = new Schemas({ ...named, Error: ApiError })
  return {
    openapi: "3.1.0",
    info: {
      title: "Covenant Chat",
      version: "1.0.0",
      description: introduction.map(({ title, text }) => `## ${title}\n\n${text}`).join("\n\n"),
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(operations, schemas),
    // OpenAPI cannot describe channels.
    "x-channels": channelsOf(topics, schemas),
    components: {
      schemas: schemas.components,
      headers: headerComponents(),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Returned by `login` and `signUp`" },
      },
    },
  }
}

function pathsOf(operations: Operation[], schemas: Schemas): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations) {
    const method = operation.method.toLowerCase()
    paths[operation.path] = { ...paths[operation.path], [method]: operationObject(operation, schemas) }
  }
  return paths
}

function channelsOf(topics: Topic[], schemas: Schemas): Record<string, object> {
  return Object.fromEntries(
    topics.map(({ name, summary, params, connects, sends, hears }) => [
      name,
      {
        summary,
        params,
        connectionRequest: schemas.of(connects, "input"),
        clientMessage: schemas.of(sends, "input"),
        serverMessage: schemas.of(hears, "output"),
      },
    ]),
  )
}

function headerComponents(): Record<string, object> {
  const all = { ...limitHeaders, "Retry-After": "Seconds to wait" }
  return Object.fromEntries(
    Object.entries(all).map(([name, description]) => [
      name,
      { description, schema: { type: /^RateLimit/.test(name) ? "string" : "integer" } },
    ]),
  )
}

function operationObject(operation: Operation, schemas: Schemas): object {
  const { id, tag, summary, description, open, body, examples } = operation
  const bodies = examples.filter(({ body }) => body !== undefined)
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(open && { security: [] }),
    parameters: parametersOf(operation, schemas),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: described(schemas.of(body, "input"), operation.fields),
            examples: examplesOf(bodies, ({ body }) => body),
          },
        },
      },
    }),
    responses: responsesOf(operation, schemas),
  }
}

function parametersOf({ path, query, fields, examples }: Operation, schemas: Schemas): object[] {
  const [example] = examples
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: fields[name],
    schema: { type: "string" },
  }))
  const { properties = {}, required = [] } = query ? schemas.of(query, "input") : {}
  const asked = new URLSearchParams(example?.path.split("?")[1])
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    description: fields[name],
    schema,
    ...(asked.has(name) && { example: typedExample(schema, asked.get(name) ?? "") }),
  }))
  return [...inPath, ...inQuery]
}

function responsesOf(operation: Operation, schemas: Schemas): object {
  const { answers, fails, failure, limit, examples } = operation
  const headersOf = (code: string) => {
    const names = limit && !/^(401|413|415|5XX)$/.test(code) ? Object.keys(limitHeaders) : []
    const all = code === "429" ? [...names, "Retry-After"] : names
    return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
  }
  const good = answers.map(({ status, description, schema, types = {} }) => {
    const json = schema && {
      "application/json": {
        schema: schemas.of(schema, "output"),
        examples: examplesOf(
          examples.filter((example) => example.status === status),
          ({ answer }) => answer,
        ),
      },
    }
    const others = Object.entries(types).map(([type, text]) => [
      type,
      { schema: { type: "string", description: text } },
    ])
    const content = { ...json, ...Object.fromEntries(others) }
    return [status, { description, headers: headersOf(String(status)), content }] as const
  })
  const bad = fails.map(([code, when]) => {
    const shown = examples.filter(({ status }) => String(status) === code)
    const content = {
      "application/json": {
        schema: failure ? schemas.of(failure, "output") : { $ref: "#/components/schemas/Error" },
        examples: examplesOf(shown, ({ answer }) => answer),
      },
    }
    return [code, { description: when, headers: headersOf(code), content }] as const
  })
  return Object.fromEntries([...good, ...bad])
}

function examplesOf(examples: RequestExample[], value: (example: RequestExample) => unknown): object {
  return Object.fromEntries(
    examples.map((example, index) => [
      `example${index + 1}`,
      { summary: example.summary ?? "Usual request", value: value(example) },
    ]),
  )
}

function described(schema: JsonSchema, fields: Record<string, string>): JsonSchema {
  if (!schema.properties) return schema

  const properties = Object.entries(schema.properties).map(([name, field]) => [
    name,
    fields[name] ? { ...field, description: fields[name] } : field,
  ])
  return { ...schema, properties: Object.fromEntries(properties) }
}

function typedExample({ type }: JsonSchema, text: string): unknown {
  return type === "integer" || type === "number" ? Number(text) : text
}
