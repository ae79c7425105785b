import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Shortest and longest username, in characters. Source: Discord's usernames, 2 to 32. */
export const minUsernameLength = 2
export const maxUsernameLength = 32

/** Source: NIST SP 800-63B, at least 8 and at least 64 accepted. The upper end bounds the work of hashing. */
export const minPasswordLength = 8
export const maxPasswordLength = 256

/** Zero bits that the hash of work at sign-up begins with: 65,536 attempts on average. */
export const workBits = 16

/** Prefix of the names of deleted accounts; reserved. */
export const deletedPrefix = "deleted-"

/** Prefix of the names of webhooks' accounts; reserved. */
export const webhookPrefix = "webhook-"

/** The name of a new user or bot. */
export const NewUsername = z
  .string()
  .trim()
  .min(minUsernameLength, `A username needs at least ${minUsernameLength} characters`)
  .max(maxUsernameLength, `A username has at most ${maxUsernameLength} characters`)
  .regex(/^[a-zA-Z0-9_.-]+$/, "A username has only letters a–z, digits, dots, dashes and underscores")
  .refine(
    (name) => !name.toLowerCase().startsWith(deletedPrefix),
    "This username is reserved for deleted accounts. Choose another one",
  )
  .refine(
    (name) => !name.toLowerCase().startsWith(webhookPrefix),
    "This username is reserved for webhooks. Choose another one",
  )
  .refine(
    (name) => name.toLowerCase() !== "everyone",
    "This username is reserved for mentions of everyone. Choose another one",
  )

/** No stored name or password is longer; bounds the work for a login attempt. */
const maxInputLength = 1000
const LoginName = z.string().max(maxInputLength, "This username is too long")
const LoginPassword = z.string().max(maxInputLength, "This password is too long")

/** A new password. */
export const NewPassword = z
  .string()
  .min(minPasswordLength, `A password needs at least ${minPasswordLength} characters`)
  .max(maxPasswordLength, `A password has at most ${maxPasswordLength} characters`)

/** A bearer token for `Authorization`, and its user. */
export const SessionGrant = z.object({
  token: z.string(),
  userId: z.string(),
  username: z.string(),
  /** The account waits for an administrator's approval, and can do nothing yet. */
  isWaiting: z.literal(true).optional(),
  /** Of a new account: sets a new password once, when it is lost. It is said only here. */
  recoveryCode: z.string().optional(),
})

/** Longest answer to why one wants to join, in characters. */
export const maxApplicationLength = 500

export const accountsContract = {
  /**
   * Signs in with a name and a password, and where the account has a second factor, with a code. Fails: 401 (wrong name or
   * password), 403 (the account is suspended; passwords are switched off; with an issue at `code`: a code is missing or
   * wrong), 429 (too many failed attempts).
   */
  login: mutation({
    input: z.object({
      username: LoginName,
      password: LoginPassword,
      /** Of an authenticator app, or a recovery code. */
      code: z.string().max(maxInputLength, "This code is too long").optional(),
      /** Ask this browser for no code for 30 days: sets a cookie. */
      trustDevice: z.boolean().optional(),
    }),
    output: SessionGrant,
  }),
  /**
   * Creates an account and signs in, as far as the instance lets people in. Fails: 400 (invalid name or password; no
   * application where accounts need an approval), 403 (sign-ups are closed, or need an invitation; passwords are switched off), 409 (name taken), 429.
   */
  signUp: mutation({
    input: z.object({
      username: NewUsername,
      password: NewPassword,
      /** The code of an invitation to the instance. */
      invitation: z.string().max(100, "This is not an invitation").optional(),
      application: z
        .string()
        .trim()
        .max(maxApplicationLength, `Use at most ${maxApplicationLength} characters`)
        .optional(),
      /** To the question that the instance asks. */
      answer: z.string().max(maxInputLength, `Use at most ${maxInputLength} characters`).optional(),
      /** In place of the answer, where the instance takes it: the challenge of `getSignUpWork`, a colon and the number. */
      work: z.string().max(300, "This is not a solution").optional(),
    }),
    output: SessionGrant,
  }),
  /**
   * What to compute in place of an answer at sign-up: the smallest number for which the SHA-256 of the challenge, a colon and
   * the number begins with so many zero bits. `null` where the instance takes only the answer.
   */
  getSignUpWork: query({
    input: z.null(),
    output: z.object({ challenge: z.string(), bits: z.int() }).nullable(),
  }),
  /** Ends the session of this call and every live connection made with it. Fails: 401. */
  logout: mutation({ input: z.null(), output: z.null() }),
  /**
   * Changes the viewer's password, and ends all their other sessions with their live connections. Fails: 401, 403
   * (the current one is wrong), 400 (the new one is invalid), 409 (changed meanwhile), 429 (too many failed attempts).
   */
  changePassword: mutation({
    input: z.object({ currentPassword: LoginPassword, newPassword: NewPassword }),
    output: z.null(),
  }),
  /**
   * Deletes the viewer's account with its sessions, live connections, memberships, invites and bots. Its messages stay
   * under a placeholder name. Returns the ids of the servers it was in. Fails: 401, 403 (wrong password), 400 (the
   * viewer owns servers), 409 (the password was changed meanwhile), 429 (too many failed attempts).
   */
  deleteAccount: mutation({
    input: z.object({ password: LoginPassword }),
    output: z.object({ serverIds: z.array(z.string()) }),
  }),
}
