import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { SessionGrant } from "../accounts/contract.ts"

/** A code of an authenticator app, or a backup code, as people type it. */
export const FactorCode = z.string().trim().max(100, "This code is too long")

const Password = z.string().max(1000, "This password is too long")

/** A browser that needs no second factor for a while. */
export const TrustedDevice = z.object({
  id: z.string(),
  /** The `User-Agent` when it was trusted; empty when it sent none. */
  userAgent: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  /** Whether it is the browser of this call. */
  isCurrent: z.boolean(),
})

export const SecondFactor = z.object({
  /** Whether signing in by password needs a code or a passkey, too. */
  isOn: z.boolean(),
  /** Since when an authenticator app is set up. */
  authenticatorSince: z.date().nullable(),
  /** Backup codes that were not used yet. */
  backupCodesLeft: z.int(),
  trustedDevices: z.array(TrustedDevice),
})
export type SecondFactor = z.infer<typeof SecondFactor>

/** New backup codes, which are said only here; empty when there are unused ones. */
const BackupCodes = z.object({ backupCodes: z.array(z.string()) })

export const secondFactorContract = {
  /**
   * The second step of a sign-in on a page, whose first step stored a token in a cookie. Programs send `code` with `login`
   * instead. Fails: 401 (the step has expired; five wrong codes), 403 (wrong code; suspended), 429.
   */
  completeLogin: mutation({
    input: z.object({ step: z.string().max(100), code: FactorCode, trustDevice: z.boolean().optional() }),
    output: SessionGrant,
  }),
  /** The viewer's second factor. Fails: 401. */
  getSecondFactor: query({ input: z.null(), output: SecondFactor }),
  /**
   * Makes a secret for an authenticator app, which `confirmAuthenticator` puts to use. An account without a password needs
   * a recent confirmation instead. Fails: 401, 403 (wrong password), 409 (an app is set up already), 429.
   */
  beginAuthenticator: mutation({
    input: z.object({ password: Password.optional() }),
    output: z.object({
      /** In base32. */
      secret: z.string(),
      /** The `otpauth://` address that apps read from a QR code. */
      uri: z.string(),
    }),
  }),
  /**
   * Makes the app a second factor, by its first code. Fails: 401, 400 (wrong code), 404 (no secret was made), 409 (another
   * one was made meanwhile).
   */
  confirmAuthenticator: mutation({ input: z.object({ code: FactorCode }), output: BackupCodes }),
  /** Removes the app. Fails: 401, 403 (wrong password or code), 404 (there is none), 429. */
  removeAuthenticator: mutation({
    input: z.object({ password: Password.optional(), code: FactorCode }),
    output: z.null(),
  }),
  /** Replaces the backup codes. Fails: 401, 403 (needs a recent confirmation), 400 (there is no second factor). */
  renewBackupCodes: mutation({ input: z.null(), output: BackupCodes }),
  /** Trusts a browser no longer. Fails: 401, 404. */
  revokeTrustedDevice: mutation({ input: z.object({ id: z.string().max(100) }), output: z.null() }),
  /**
   * Confirms who the viewer is, for 10 minutes, by their password or a code of their second factor. Other procedures ask
   * for it by failing with 403 and an issue at `confirmation`. Fails: 401, 400 (nothing was given), 403 (wrong), 429.
   */
  confirmIdentity: mutation({
    input: z.object({ password: Password.optional(), code: FactorCode.optional() }),
    output: z.null(),
  }),
  /**
   * Whether administrators of the instance need a second factor. Fails: 401, 403 (no administrator; needs a recent
   * confirmation).
   */
  getSecondFactorRule: query({ input: z.null(), output: z.object({ needsSecondFactor: z.boolean() }) }),
  setSecondFactorRule: mutation({ input: z.object({ needsSecondFactor: z.boolean() }), output: z.null() }),
}
