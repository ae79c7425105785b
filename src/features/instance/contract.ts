import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { NewPassword, NewUsername, SessionGrant } from "../accounts/contract.ts"

/** Longest name of an instance, and longest text above its sign-in form, in characters. */
export const maxInstanceNameLength = 50
export const maxSignInTextLength = 500

/** Who may sign up: everyone, people with an invitation, people an administrator approves, nobody. */
export const Registration = z.enum(["open", "invite", "approval", "closed"])

/** Who may create servers. */
export const ServerCreation = z.enum(["everyone", "administrators"])

export const InstanceName = z
  .string()
  .trim()
  .min(1, "Enter a name")
  .max(maxInstanceNameLength, `A name has at most ${maxInstanceNameLength} characters`)

/** What everyone may know of the instance, signed in or not. */
export const Instance = z.object({
  name: z.string(),
  registration: Registration,
  serverCreation: ServerCreation,
  /** Shown where people sign in; empty for none. */
  signInText: z.string(),
  /** The colour of links and buttons as `#rrggbb`; `null` for the usual one. */
  accent: z.string().nullable(),
  /** Web addresses; empty for none. */
  termsUrl: z.string(),
  privacyUrl: z.string(),
  /** Asked at sign-up; empty for none. */
  signUpQuestion: z.string(),
  /** Whether browsers may compute for a moment in place of the answer. */
  signUpWork: z.boolean(),
  /** Whether it has an administrator. */
  isSetUp: z.boolean(),
})
export type Instance = z.infer<typeof Instance>

/** The token in a one-time address. */
const Token = z.string().max(100, "This link does not work")

export const instanceContract = {
  /** The instance's name, and who may sign up. */
  getInstance: query({ input: z.null(), output: Instance, meta: { bots: true } }),
  /**
   * Uses the one-time address that a new instance prints: makes the viewer administrator, or a new account with this
   * name and password, which is signed in. Fails: 400 (invalid name or password), 404 (the link no longer works, or there is an administrator already), 409 (name taken).
   */
  setUpInstance: mutation({
    input: z.object({
      token: Token,
      name: InstanceName,
      registration: Registration,
      serverCreation: ServerCreation,
      /** For a new account. Without them, the viewer becomes administrator. */
      username: NewUsername.optional(),
      password: NewPassword.optional(),
    }),
    output: z.object({ grant: SessionGrant.nullable() }),
  }),
  /**
   * Sets a new password by a one-time address that an administrator made, and ends all sessions of the account.
   * Fails: 400 (invalid password), 404 (the link no longer works).
   */
  resetPassword: mutation({ input: z.object({ token: Token, newPassword: NewPassword }), output: z.null() }),
}

/** What the log of the instance records, each with the sentence that pages show. */
export const instanceActions = {
  "instance.setUp": "Set up the chat",
  "instance.update": "Changed the settings",
  "instance.announce": "Posted an announcement",
  "instance.announceEnd": "Ended an announcement",
  "person.approve": "Approved an account",
  "person.refuse": "Refused an account",
  "person.suspend": "Suspended a person",
  "person.unsuspend": "Ended a suspension",
  "person.delete": "Deleted an account",
  "person.endSessions": "Ended a person's sessions",
  "person.resetLink": "Created a link for a new password",
  "person.removeFactor": "Removed a second factor",
  "person.password": "Set a new password",
  "person.administrator": "Made someone administrator",
  "person.noAdministrator": "Removed an administrator",
  "server.handOver": "Handed a server over",
  "server.delete": "Deleted a server",
  "invitation.create": "Created an invitation",
  "invitation.revoke": "Revoked an invitation",
  "provider.create": "Added a provider to log in with",
  "provider.update": "Changed a provider to log in with",
  "provider.delete": "Deleted a provider to log in with",
  "setup.link": "Created a link to set up the chat",
} as const

/** The name of something the log of the instance records. */
export type InstanceAction = keyof typeof instanceActions

export const instanceActionNames = Object.keys(instanceActions) as [InstanceAction, ...InstanceAction[]]
