import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { SessionGrant } from "../accounts/contract.ts"

/** Passkeys of one person, and the length of a name, in characters. */
export const maxPasskeys = 20
export const maxPasskeyNameLength = 50

const PasskeyName = z
  .string()
  .trim()
  .min(1, "Enter a name")
  .max(maxPasskeyNameLength, `A name has at most ${maxPasskeyNameLength} characters`)

export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.date(),
  /** The last sign-in with it; `null` for none. */
  lastUsedAt: z.date().nullable(),
  /** Whether a password manager keeps a copy: then it survives the device. */
  isBackedUp: z.boolean(),
})
export type Passkey = z.infer<typeof Passkey>

/** The token of a step, which the browser's answer comes back with. */
const Step = z.string().max(100, "There is no such step")

/** The browser's answer as JSON: `PublicKeyCredential.toJSON()`. */
const Answer = z.string().max(20_000, "This answer is too long")

/** The request for the browser. */
const Challenge = z.object({
  step: z.string(),
  /** JSON for `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`. */
  options: z.string(),
})

export const passkeysContract = {
  /** The viewer's passkeys, oldest first. Fails: 401. */
  getPasskeys: query({ input: z.null(), output: z.array(Passkey) }),
  /**
   * What to ask a browser for a new passkey, for 5 minutes. Fails: 401, 403 (needs a recent confirmation), 400 (too many
   * passkeys).
   */
  beginPasskey: mutation({ input: z.null(), output: Challenge }),
  /** Adds a passkey, and returns backup codes unless there are some. Fails: 401, 400 (wrong answer), 404 (too late). */
  addPasskey: mutation({
    input: z.object({ step: Step, name: PasskeyName, response: Answer }),
    output: z.object({ backupCodes: z.array(z.string()) }),
  }),
  /** Fails: 401, 404. */
  renamePasskey: mutation({ input: z.object({ id: z.string(), name: PasskeyName }), output: z.null() }),
  /** Fails: 401, 403 (needs a recent confirmation), 404. */
  removePasskey: mutation({ input: z.object({ id: z.string() }), output: z.null() }),
  /** What to ask a browser for a confirmation, for 5 minutes. Fails: 401, 404 (the viewer has no passkey). */
  beginPasskeyConfirmation: mutation({ input: z.null(), output: Challenge }),
  /**
   * Confirms by a passkey who the viewer is, for 10 minutes, as `confirmIdentity` does. Fails: 401 (signed out; unknown
   * passkey, wrong answer, too late), 403 (somebody else's passkey).
   */
  confirmByPasskey: mutation({ input: z.object({ step: Step, response: Answer }), output: z.null() }),
  /** What to ask a browser for the sign-in, for 5 minutes. Fails: 429. */
  beginPasskeyLogin: mutation({
    input: z.object({
      /** The token of a sign-in that waits for its second factor; `null`: the passkey is all there is. */
      loginStep: Step.nullable(),
    }),
    output: Challenge,
  }),
  /**
   * Signs in with a passkey, which is a second factor by itself. Fails: 401 (unknown passkey, wrong answer, too late), 403
   * (suspended).
   */
  loginWithPasskey: mutation({ input: z.object({ step: Step, response: Answer }), output: SessionGrant }),
}
