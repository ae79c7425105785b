import type { ProcedureError } from "../../kernel/index.ts"
import { defineLimit, type Limits } from "../limits.ts"

/**
 * Names of people who are not members that one user looks up, alone or up to 200 at once: whoever creates a server may ban
 * there, and must not list the accounts of the chat.
 */
export const namesLimit = defineLimit({ name: "ban names", count: 20, windowMs: 10 * 60_000 })

/** Why a user may look up no more names now; `null` if they may. Counts one. */
export async function takeBanNames(limits: Limits, userId: string): Promise<ProcedureError | null> {
  const retryAfterSeconds = await limits.get(namesLimit).take(userId)
  if (retryAfterSeconds === 0) return null

  const message = "You looked up many people who are not members. Wait some minutes, then try again"
  return { code: 429, message, issues: undefined, retryAfterSeconds }
}
