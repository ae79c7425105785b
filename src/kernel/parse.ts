import type { z } from "zod"
import { type Issue, refuse } from "./result.ts"

/** Most issues of an answer: a list of thousands of invalid values would be answered by as many. */
const maxIssues = 50

/** Parses input from a caller. Refuses with 400 and its issues; the message names the first invalid field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error)

  return refuse(summaryOf(issues), 400, { issues })
}

/**
 * Parses a value that our own code made, such as a handler's output. Throws a plain `Error` when it does not fit,
 * because that is a bug. `what` names the value in the error.
 */
export function parseOwn<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data

  throw new Error(`${what} does not fit its schema: ${summaryOf(issuesOf(parsed.error))}`)
}

function issuesOf(error: z.ZodError): Issue[] {
  return error.issues
    .slice(0, maxIssues)
    .map(({ path, message }) => ({ path: path.map(String).join("."), message }))
}

function summaryOf([first]: Issue[]): string {
  if (!first) return "Invalid input"

  return first.path ? `${first.path}: ${first.message}` : first.message
}
