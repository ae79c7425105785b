import { z } from "zod"
import { mutation } from "../../kernel/index.ts"

/** Shortest and longest username, in characters. Source: Discord's usernames, 2 to 32. */
export const minUsernameLength = 2
export const maxUsernameLength = 32

/** Source: NIST SP 800-63B, at least 8 and at least 64 accepted. The upper end bounds the work of hashing. */
export const minPasswordLength = 8
export const maxPasswordLength = 256

/** How the names of deleted accounts begin: nobody else's does. */
export const deletedPrefix = "deleted-"

/** How the names begin under which webhooks write: nobody else's does. */
export const webhookPrefix = "webhook-"

/** A name that someone new may take, whether a person or a bot. */
export const NewUsername = z
  .string()
  .trim()
  .min(minUsernameLength, `A username needs at least ${minUsernameLength} characters`)
  .max(maxUsernameLength, `A username has at most ${maxUsernameLength} characters`)
  .regex(/^[a-zA-Z0-9_.-]+$/, "A username has only letters a–z, digits, dots, dashes and underscores")
  .refine((name) => !name.toLowerCase().startsWith(deletedPrefix), "That name is kept for deleted accounts")
  .refine((name) => !name.toLowerCase().startsWith(webhookPrefix), "That name is kept for webhooks")
  .refine((name) => name.toLowerCase() !== "everyone", "That name means everyone")

/** What is longer is no name and no password of anybody's. */
const maxGivenLength = 1000
const GivenName = z.string().max(maxGivenLength, "No username is that long")
const GivenPassword = z.string().max(maxGivenLength, "No password is that long")

const NewPassword = z
  .string()
  .min(minPasswordLength, `A password needs at least ${minPasswordLength} characters`)
  .max(maxPasswordLength, `A password has at most ${maxPasswordLength} characters`)

/** A bearer token for `Authorization`, and whose it is. */
const Grant = z.object({ token: z.string(), userId: z.string(), username: z.string() })

export const accountsContract = {
  /** Signs in with a name and a password. Fails: 401 (wrong name or password), 429 (too many wrong tries). */
  login: mutation({
    input: z.object({ username: GivenName, password: GivenPassword }),
    output: Grant,
  }),
  /** Makes an account and signs it in. Fails: 400 (with what is wrong), 409 (name taken), 429. */
  signUp: mutation({ input: z.object({ username: NewUsername, password: NewPassword }), output: Grant }),
  /** Ends the session that asks, and every live connection made with it. Fails: 401. */
  logout: mutation({ input: z.null(), output: z.null() }),
  /**
   * Changes the viewer's password, and ends all their other sessions with their live connections. Fails: 401, 403
   * (the current one is wrong), 400 (the new one), 409 (it was changed meanwhile), 429 (too many wrong tries).
   */
  changePassword: mutation({
    input: z.object({ currentPassword: GivenPassword, newPassword: NewPassword }),
    output: z.null(),
  }),
  /**
   * Ends the viewer's account with its sessions, live connections, memberships, invites and bots; what was written stays,
   * under a name that is nobody's. The ids of the servers they were in. Fails: 401, 403 (wrong password), 400 (they
   * own servers), 409 (the password was changed meanwhile), 429 (too many wrong tries).
   */
  deleteAccount: mutation({
    input: z.object({ password: GivenPassword }),
    output: z.object({ serverIds: z.array(z.string()) }),
  }),
}
