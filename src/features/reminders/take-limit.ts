import { Refusal } from "../../kernel/index.ts"
import type { Limits } from "../limits.ts"
import { laterLimit } from "./limits.ts"

/** Counts a change of what a user puts off. Fails: 429. */
export async function takeLater({ limits }: { limits: Limits }, userId: string): Promise<void> {
  const retryAfterSeconds = await limits.get(laterLimit).take(userId)
  if (retryAfterSeconds > 0)
    throw new Refusal("You are doing this too fast. Wait a moment", 429, { retryAfterSeconds })
}
