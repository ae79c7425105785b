import type { FormState } from "../../views/ui.tsx"
import type { ProcedureError } from "../kernel/index.ts"

/** A field of a submitted form; empty when it was not sent, sent twice or is a file. */
export function field(body: unknown, name: string): string {
  const value =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined
  return typeof value === "string" ? value : ""
}

/** The values of a field that may be sent several times. Skips empty values and files. */
export function fields(body: unknown, name: string): string[] {
  const value =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((item) => typeof item === "string" && item !== "") as string[]
}

/** The state of a form after a failure: the submitted values, and the errors at their fields. */
export function formState(error: ProcedureError, values: Record<string, string>): FormState {
  if (!error.issues) return { values, error: error.message }

  const here = error.issues.filter(({ path }) => path in values)
  const errors = Object.fromEntries(here.map(({ path, message }) => [path, message]))
  const elsewhere = error.issues.find(({ path }) => !(path in values))
  return { values, errors, error: elsewhere?.message }
}

/** Ids as a form gives them: one in each field, or several in one. */
export function idsOf(body: unknown, name: string): string[] {
  const values =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined
  const all = Array.isArray(values) ? values : [values]
  return all.flatMap((value) => (typeof value === "string" ? value.split(",").filter(Boolean) : []))
}
