import type { z } from "zod"
import type { Procedure, ProcedureMap } from "../../kernel/index.ts"
import type { Address, AddressExample, By, Example, Method, ProcedureDoc, Section } from "./doc.ts"

/** One thing that can be asked over HTTP: a procedure of the contract, or an address beside it. */
export interface Operation {
  id: string
  tag: string
  method: Method
  /** With `{names}`. */
  path: string
  summary: string
  description?: string
  open: boolean
  /** Bots may not. */
  forPeople: boolean
  query?: z.ZodType
  body?: z.ZodType
  fields: Record<string, string>
  answers: Address["answers"]
  /** All failures by their codes, those understood too. */
  fails: [code: string, when: string][]
  /** Those of them that mean here what they mean everywhere. */
  understood: string[]
  failure?: z.ZodType
  limit?: string
  examples: RequestExample[]
}

/** A request that can be made as it is, and what comes back. */
export interface RequestExample {
  summary?: string
  by: By
  method: Method
  path: string
  headers: Record<string, string>
  body?: unknown
  status: number
  /** The answer's JSON, or how an answer begins that is none. */
  answer?: unknown
  begins?: string
}

/** Everything documented, in the order of the sections. */
export function operationsOf(sections: Section[], contract: ProcedureMap): Operation[] {
  return sections.flatMap(({ title, procedures = {}, addresses = [] }) => [
    ...addresses.map((address) => addressOperation(title, address)),
    ...Object.entries(procedures).flatMap(([name, doc]) => {
      const procedure = contract[name]
      return procedure ? [procedureOperation(title, name, procedure, doc)] : []
    }),
  ])
}

type AnyDoc = Omit<ProcedureDoc, "examples"> & { examples: Example[] }

function procedureOperation(tag: string, name: string, procedure: Procedure, doc: AnyDoc): Operation {
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

function addressOperation(tag: string, address: Address): Operation {
  const { id, method, path, query, body, answers, failure } = address
  const exampleOf = ({ summary, by = "alice", headers = {}, input, ...rest }: AddressExample) => ({
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
    ...withDefaults(address, method),
    ...{ id, tag, method, path, query, body, answers, failure },
    examples: address.examples.map(exampleOf),
  }
}

/** What goes without saying in a documentation, said. */
function withDefaults(doc: Omit<AnyDoc, "examples"> & { forPeople?: boolean }, method: Method) {
  const { summary, description, open = false, forPeople = false, fields = {}, fails = {}, limit } = doc
  const understood = {
    400: "what was sent does not fit; `issues` say where and why",
    ...(!open && { 401: "no token was sent, or one that is not good" }),
    ...(forPeople && { 403: "a bot asks, and this is for people" }),
    ...((method === "POST" || method === "PATCH") && {
      413: "more than 64 KB were sent",
      415: "what was sent is not JSON",
    }),
    ...(limit && { 429: "too many; `retryAfterSeconds` and `Retry-After` say how long to wait" }),
    "5XX": "it is our fault, or the database is busy; ask again",
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
