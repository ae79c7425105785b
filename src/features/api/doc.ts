import type { z } from "zod"
import type {
  ChannelMap,
  ChannelsIn,
  CovenantSlice,
  InputOf,
  OutputOf,
  Procedure,
  ProcedureMap,
  ProceduresIn,
} from "../../kernel/index.ts"

/** The caller of an example. alice owns the server, bob is a member, mallory is in no server; `null` sends no token. */
export type By = "alice" | "bob" | "mallory" | null

export type Method = "GET" | "POST" | "PATCH" | "DELETE"

/** The type of a value after a trip through JSON. */
export type JsonOf<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? JsonOf<Item>[]
    : T extends object
      ? { [Key in keyof T]: JsonOf<T[Key]> }
      : T

/**
 * A request and its exact response. A test sends it to a running server. It replaces the ids of `sample.ts` with real
 * ones; new ids, times and tokens only need to have the right format.
 */
export interface Example<Input = unknown, Output = unknown> {
  /** What it shows; optional for the first example. */
  summary?: string
  /** Default: alice. */
  by?: By
  input: Input
  /** The response, or the failure. */
  output?: Output
  error?: { code: number; message: string; issues?: { path: string; message: string }[] }
}

/** The documentation of a procedure, in addition to its schemas. */
export interface ProcedureDoc<P extends Procedure = Procedure> {
  /** One line: what it does or returns. */
  summary: string
  description?: string
  /** Needs no token. */
  open?: true
  /** The cause of each refusal, by code. Implied: 400 (invalid input), 401 (no token), 429 (rate limit). */
  fails?: Record<number, string>
  limit?: string
  /** Explanations of its fields, by name, where the name does not suffice. */
  fields?: Record<string, string>
  /** At least one must succeed. */
  examples: [
    Example<JsonOf<InputOf<P>>, JsonOf<OutputOf<P>>>,
    ...Example<JsonOf<InputOf<P>>, JsonOf<OutputOf<P>>>[],
  ]
}

/** The documentation of all procedures of a slice. */
export type ProcedureDocs<P extends ProcedureMap> = { [Name in keyof P]: ProcedureDoc<P[Name]> }

/** An HTTP endpoint for programs that is not a procedure. */
export interface EndpointDoc {
  /** Unique among all endpoints and procedures. */
  id: string
  method: Method
  /** With `{names}`, which `fields` explains. */
  path: string
  summary: string
  description?: string
  open?: true
  /** Refuses bots. */
  forPeople?: true
  /** The query string and the body. */
  query?: z.ZodObject
  body?: z.ZodType
  fields: Record<string, string>
  /** Media types other than JSON are described in words, by their name. */
  answers: { status: number; description: string; schema?: z.ZodType; types?: Record<string, string> }[]
  fails?: Record<number, string>
  /** The format of its refusals, where it is another system's. */
  failure?: z.ZodType
  limit?: string
  examples: EndpointExample[]
}

export interface EndpointExample extends Example<Record<string, unknown> | undefined> {
  /** Values of the `{names}`. */
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  status?: number
  /** The start of a response that streams or is not JSON. Empty: the response has no body. */
  begins?: string
}

/** The documentation of a channel of the contract. */
export interface ChannelDoc {
  summary: string
  description?: string
  fails?: Record<number, string>
  /** Explanations of fields of the connection request and of messages, where the name does not suffice. */
  fields?: Record<string, string>
}

/** The documentation of all channels of a slice. */
export type ChannelDocs<C extends ChannelMap> = { [Name in keyof C]: ChannelDoc }

/** The section of one feature. */
export interface Section {
  title: string
  /** Sections are sorted by this number. Leave gaps. */
  order: number
  procedures?: Record<string, ProcedureDoc>
  endpoints?: EndpointDoc[]
  channels?: Record<string, ChannelDoc>
  /** Schemas that responses refer to, by name. */
  schemas?: Record<string, z.ZodType>
}

/** The section of a feature with a slice of the contract: it documents everything in the slice. */
export type SliceDocs<Slice extends CovenantSlice> = Omit<Section, keyof CovenantSlice> & {
  [Part in keyof Slice]: Part extends "procedures"
    ? ProcedureDocs<ProceduresIn<Slice>>
    : ChannelDocs<ChannelsIn<Slice>>
}
