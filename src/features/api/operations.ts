import type { z } from "zod"
import type { Procedure, ProcedureMap } from "../../kernel/index.ts"
import type { By, EndpointDoc, EndpointExample, Example, Method, ProcedureDoc, Section } from "./doc.ts"

/** Anything that programs can request over HTTP: a procedure of the contract or an endpoint. */
export interface Operation {
  id: string
  tag: string
  method: Method
  /** With `{names}`. */
  path: string
  summary: string
  description?: string
  open: boolean
  /** Refuses bots. */
  forPeople: boolean
  query?: z.ZodType
  body?: z.ZodType
  fields: Record<string, string>
  answers: EndpointDoc["answers"]
  /** All failures by code, including the standard ones. */
  fails: [code: string, when: string][]
  /** Codes whose meaning is the same for all operations. */
  understood: string[]
  failure?: z.ZodType
  limit?: string
  examples: RequestExample[]
}

/** A complete request with its response. */
export interface RequestExample {
  summary?: string
  by: By
  method: Method
  path: string
  headers: Record<string, string>
  body?: unknown
  status: number
  /** The response's JSON, or the start of a response that is not JSON. */
  answer?: unknown
  begins?: string
}

/** All operations, in the order of the sections. */
export function operationsOf(sections: Section[], contract: ProcedureMap): Operation[] {
  return sections.flatMap(({ title, procedures = {}, endpoints = [] }) => [
    ...endpoints.map((endpoint) => endpointOperation(title, endpoint)),
    ...Object.entries(procedures).flatMap(([name, doc]) => {
      const procedure = contract[name]
      return procedure ? [procedureOperation({ tag: title, name }, procedure, doc)] : []
    }),
  ])
}

type AnyDoc = Omit<ProcedureDoc, "examples"> & { examples: Example[] }

function procedureOperation(
  { tag, name }: { tag: string; name: string },
  procedure: Procedure,
  doc: AnyDoc,
): Operation {
  const { type, input, output, meta } = procedure
  const takesNothing = input.safeParse(null).success
  const method = type === "query" ? "GET" : "POST"
  const path = `/api/${name}`
  return {
    ...withDefaults({ ...doc, forPeople: !doc.open && !meta?.bots }, method),
    id: name,
    tag,
    method,
    path,
    query: method === "GET" && !takesNothing ? input : undefined,
    body: method === "POST" && !takesNothing ? input : undefined,
    answers: [{ status: 200, description: "Done", schema: output }],
    examples: doc.examples.map(({ summary, by = "alice", input, output, error }) => ({
      summary,
      by,
      method,
      path: method === "GET" ? path + queryOf(input) : path,
      headers: {},
      body: method === "POST" && !takesNothing ? input : undefined,
      status: error?.code ?? 200,
      answer: error ? { error } : output,
    })),
  }
}

function endpointOperation(tag: string, endpoint: EndpointDoc): Operation {
  const { id, method, path, query, body, answers, failure } = endpoint
  const exampleOf = ({ summary, by = "alice", headers = {}, input, ...rest }: EndpointExample) => ({
    summary,
    by,
    method,
    path:
      path.replace(/\{(\w+)\}/g, (_, name: string) => rest.path?.[name] ?? name) +
      queryOf(rest.query ?? null),
    headers,
    body: method === "GET" ? undefined : input,
    status: rest.error?.code ?? rest.status ?? 200,
    answer: rest.error ? { error: rest.error } : rest.output,
    begins: rest.begins,
  })
  return {
    ...withDefaults(endpoint, method),
    ...{ id, tag, method, path, query, body, answers, failure },
    examples: endpoint.examples.map(exampleOf),
  }
}

/** Adds the failures that every operation has. */
function withDefaults(doc: Omit<AnyDoc, "examples"> & { forPeople?: boolean }, method: Method) {
  const { summary, description, open = false, forPeople = false, fields = {}, fails = {}, limit } = doc
  const understood = {
    400: "the input is invalid; `issues` say where and why",
    ...(!open && { 401: "no valid token was sent" }),
    ...(forPeople && { 403: "the token is a bot's, and this is for people" }),
    ...((method === "POST" || method === "PATCH") && {
      413: "the body is larger than 64 KB",
      415: "the body is not JSON",
    }),
    ...(limit && { 429: "rate limit exceeded; `retryAfterSeconds` and `Retry-After` say how long to wait" }),
    "5XX": "an error of the server, or the database is busy; try again",
  }
  return {
    ...{ summary, description, open, forPeople, fields, limit },
    fails: Object.entries({ ...understood, ...fails }),
    understood: Object.keys(understood).filter((code) => code !== "429" && !Object.hasOwn(fails, code)),
  }
}

function queryOf(input: unknown): string {
  const fields = Object.entries(input ?? {}).filter(([, value]) => value !== undefined)
  const pairs = fields.flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ""
}
