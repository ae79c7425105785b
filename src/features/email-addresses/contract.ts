import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Source: RFC 5321, 4.5.3.1.3, without the angle brackets. */
const maxAddressLength = 254

/** No name, password or token that someone types is longer; bounds the work for an attempt. */
const maxInputLength = 1000
const Typed = z.string().max(maxInputLength, `Use at most ${maxInputLength} characters`)

const Address = z
  .string()
  .trim()
  .toLowerCase()
  .max(maxAddressLength, `An e-mail address has at most ${maxAddressLength} characters`)
  .pipe(z.email("Enter an e-mail address such as name@example.org"))

export const emailAddressesContract = {
  /**
   * The viewer's e-mail address, and one that waits for its verification; `null` where there is none. Fails: 401.
   */
  getEmailAddress: query({
    input: z.null(),
    output: z.object({
      address: z.string().nullable(),
      pending: z.string().nullable(),
      /** Whether this chat sends e-mail. */
      isOffered: z.boolean(),
    }),
  }),
  /**
   * Sends a message to an address with a link that makes it the viewer's, in place of the one before. The answer does
   * not say whether somebody else has the address. Users without a password need a recent confirmation instead. Fails: 401, 403
   * (wrong password; confirm first; this chat sends no e-mail), 409
   * (the password was changed meanwhile), 429.
   */
  setEmailAddress: mutation({
    input: z.object({ address: Address, password: Typed.optional() }),
    output: z.null(),
  }),
  /**
   * Makes an address that of its account, by the token of the link. Fails: 404 (the link no longer works), 409
   * (another account has the address).
   */
  verifyEmailAddress: mutation({
    input: z.object({ token: Typed }),
    output: z.object({ username: z.string(), address: z.string() }),
  }),
  /** Fails: 401, 403 (wrong password, or confirm first without one), 404 (none), 429. */
  removeEmailAddress: mutation({ input: z.object({ password: Typed.optional() }), output: z.null() }),
  /**
   * Sends a link for a new password to the verified address of an account, named by its username or that address. The
   * answer is the same, and takes the same time, whether there is one. Fails: 403 (this chat sends no e-mail), 429.
   */
  requestPasswordReset: mutation({ input: z.object({ account: Typed }), output: z.null() }),
}
