import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { NewPassword } from "../accounts/contract.ts"

/** No name, code or password that someone types is longer; bounds the work for an attempt. */
const maxInputLength = 1000
const Typed = z.string().max(maxInputLength, `Use at most ${maxInputLength} characters`)

export const recoveryCodesContract = {
  /** When the viewer's recovery code was made; `null` while they have none. Fails: 401. */
  getRecovery: query({ input: z.null(), output: z.object({ createdAt: z.date().nullable() }) }),
  /**
   * Makes a recovery code for the viewer; the one before stops working. It is stored hashed, so it is said only here.
   * Users without a password need a recent confirmation instead. Fails: 401, 403 (wrong password; confirm first), 409 (the
   * password was changed meanwhile), 429 (too many failed attempts).
   */
  renewRecoveryCode: mutation({
    input: z.object({ password: Typed.optional() }),
    output: z.object({ recoveryCode: z.string() }),
  }),
  /**
   * Sets a new password by a recovery code, which works once, ends all sessions of the account, and returns the next
   * code. Fails: 400 (invalid password), 401 (wrong name or code), 429 (too many failed attempts).
   */
  recoverAccount: mutation({
    input: z.object({ username: Typed, recoveryCode: Typed, newPassword: NewPassword }),
    output: z.object({ username: z.string(), recoveryCode: z.string() }),
  }),
}
