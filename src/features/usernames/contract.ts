import { z } from "zod"
import { mutation } from "../../kernel/index.ts"
import { NewUsername } from "../accounts/contract.ts"

/** How long nobody else can take a name that somebody had, in days. */
export const heldDays = 14

/** No stored password is longer; bounds the work for an attempt. */
const maxInputLength = 1000

export const usernamesContract = {
  /**
   * Changes the viewer's username. Sessions stay, and messages and mentions keep their author by id. Nobody else can take
   * the old name for 14 days. Fails: 401, 403 (wrong password; confirm first), 400 (invalid name, or the one they have), 409 (the name is
   * taken; the password was changed meanwhile), 429 (too many failed attempts, or 3 changes on one day).
   */
  changeUsername: mutation({
    input: z.object({
      username: NewUsername,
      /** Users without a password need a recent confirmation instead. */
      password: z.string().max(maxInputLength, "This password is too long").optional(),
    }),
    output: z.object({ username: z.string() }),
  }),
}
