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

/** Who calls in an example: alice owns the server that bob is a member of, mallory is in none; `null` has no token. */
export type By = "alice" | "bob" | "mallory" | null

export type Method = "GET" | "POST" | "PATCH" | "DELETE"

/** A value as it travels in JSON. */
export type JsonOf<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? JsonOf<Item>[]
    : T extends object
      ? { [Key in keyof T]: JsonOf<T[Key]> }
      : T

/**
 * A request and its answer, word for word. A test makes it against a running server: ids are those of
 * `sample.ts`, for which it puts real ones, and what differs each time (ids, times, tokens) only has to be of its kind.
 */
export interface Example<Input = unknown, Output = unknown> {
  /** What it shows; the first may go without. */
  summary?: string
  /** Default: alice. */
  by?: By
  input: Input
  /** What is answered, or the failure. */
  output?: Output
  error?: { code: number; message: string; issues?: { path: string; message: string }[] }
}

/** What is said of a procedure to people who write programs, beside what its schemas say. */
export interface ProcedureDoc<P extends Procedure = Procedure> {
  /** One line: what it does, or what one gets. */
  summary: string
  description?: string
  /** Needs no token. */
  open?: true
  /** With which codes it refuses, and when. Understood: 400 (the input), 401 (no token), 429 (its limit). */
  fails?: Record<number, string>
  limit?: string
  /** What its fields are, by name, where that is not plain. */
  fields?: Record<string, string>
  /** At least one that works. */
  examples: [
    Example<JsonOf<InputOf<P>>, JsonOf<OutputOf<P>>>,
    ...Example<JsonOf<InputOf<P>>, JsonOf<OutputOf<P>>>[],
  ]
}

/** The documentation of a slice's procedures: each of them. */
export type ProcedureDocs<P extends ProcedureMap> = { [Name in keyof P]: ProcedureDoc<P[Name]> }

/** An address beside those of the procedures that programs may use. */
export interface Address {
  /** Unique among all, procedures included. */
  id: string
  method: Method
  /** With `{names}`, which are told in `fields`. */
  path: string
  summary: string
  description?: string
  open?: true
  /** Not for bots. */
  forPeople?: true
  /** What may stand in the query string, and what the body holds. */
  query?: z.ZodObject
  body?: z.ZodType
  fields: Record<string, string>
  /** Other media types by their name are described, not typed. */
  answers: { status: number; description: string; schema?: z.ZodType; types?: Record<string, string> }[]
  fails?: Record<number, string>
  /** What its refusals look like, where they are another system's. */
  failure?: z.ZodType
  limit?: string
  examples: AddressExample[]
}

export interface AddressExample extends Example<Record<string, unknown> | undefined> {
  /** What stands for the `{names}`. */
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  status?: number
  /** An answer without end, or one that is no JSON: how it begins. Empty: it has no body. */
  begins?: string
}

/** What is said of a channel of the contract. */
export interface ChannelDoc {
  summary: string
  description?: string
  fails?: Record<number, string>
  /** What one connects with, sends and hears, by the names of the fields, where that is not plain. */
  fields?: Record<string, string>
}

/** The documentation of a slice's channels: each of them. */
export type ChannelDocs<C extends ChannelMap> = { [Name in keyof C]: ChannelDoc }

/** A section of the documentation: that of one feature. */
export interface Section {
  title: string
  /** Sections are shown by this number, lowest first. Leave gaps. */
  order: number
  procedures?: Record<string, ProcedureDoc>
  addresses?: Address[]
  channels?: Record<string, ChannelDoc>
  /** What its answers are made of, by the name it is given. */
  schemas?: Record<string, z.ZodType>
}

/** The section of a feature that has a slice of the contract, with everything in the slice. */
export type SliceDocs<Slice extends CovenantSlice> = Omit<Section, keyof CovenantSlice> & {
  [Part in keyof Slice]: Part extends "procedures"
    ? ProcedureDocs<ProceduresIn<Slice>>
    : ChannelDocs<ChannelsIn<Slice>>
}
