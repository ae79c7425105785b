import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { secondFactorContract } from "./contract.ts"

// In the example's world bob has an authenticator app and these codes, and alice has begun to set one up.

export const sampleStep = "m3Xc7vPq0LkT9sWzRb2NfGhYdJ5eUa8oI1BnCpQxZrE"
export const sampleFactorCodes = ["k7qd-0x2m-9tw4-hc5e", "p3vn-8rj6-1yb0-zg7s"] as const
/** What the app of alice shows now. */
export const sampleAppCode = "492039"
export const sampleDeviceId = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

const newCodes = [
  "8hq2-vx0k-m4dz-7tsc",
  "r5wb-1n9p-ey6j-03gf",
  "t2zk-6vq8-c0hm-x4nd",
  "0b7s-yw3r-9jpe-g5k1",
  "h6xd-4m2t-q8vc-zn0y",
  "e1gj-p9s5-7kwb-3rf6",
  "v0mz-c8hx-2dtq-n4y7",
  "j3rp-5e1k-w6bg-9sfx",
  "n8yc-q0t4-hv7d-m2zj",
  "g4kf-x6w9-1rsb-e5pq",
]
const confirmFirst = "Confirm who you are first: this needs your password, or a code"

export const secondFactorDocs: ProcedureDocs<typeof secondFactorContract> = {
  completeLogin: {
    summary: "Completes the sign-in of a page by a code",
    description:
      "Pages get the token of the step in a cookie, from `login` without a code. Programs send `code` with `login` instead.",
    open: true,
    fails: {
      401: "the step has expired: after 10 minutes, five wrong codes, or when the password was changed",
      403: "the code is wrong, or the account is suspended",
    },
    fields: {
      step: "the token of the step",
      code: "of the authenticator app, or a backup code",
      trustDevice: "ask this browser for no code for 30 days",
    },
    examples: [
      {
        by: null,
        input: { step: sampleStep, code: sampleFactorCodes[0] },
        output: { token: sample.token, userId: sample.bobId, username: "bob" },
      },
    ],
  },
  getSecondFactor: {
    summary: "Returns your second factor, and the devices that need none",
    examples: [
      {
        by: "bob",
        input: null,
        output: {
          isOn: true,
          authenticatorSince: sample.at,
          backupCodesLeft: 2,
          trustedDevices: [
            {
              id: sampleDeviceId,
              userAgent: "curl/8.5.0",
              createdAt: sample.at,
              expiresAt: sample.at,
              isCurrent: false,
            },
          ],
        },
      },
    ],
  },
  beginAuthenticator: {
    summary: "Makes a secret for an authenticator app",
    description:
      "Returns the secret in base32, and the address that apps read from a QR code. Nothing changes until `confirmAuthenticator`. Accounts without a password need a recent confirmation instead.",
    fails: { 403: "the password is wrong", 409: "an app is set up already" },
    limit: "logins",
    fields: { password: "yours" },
    examples: [
      {
        by: "mallory",
        input: { password: "password" },
        output: {
          secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
          uri: "otpauth://totp/Covenant%20Chat:mallory?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Covenant%20Chat&algorithm=SHA1&digits=6&period=30",
        },
      },
    ],
  },
  confirmAuthenticator: {
    summary: "Makes the app your second factor, by its first code",
    description: "Returns 10 backup codes, unless you have unused ones.",
    fails: { 404: "no secret was made", 409: "another one was made meanwhile" },
    fields: { code: "that the app shows now" },
    examples: [{ input: { code: sampleAppCode }, output: { backupCodes: newCodes } }],
  },
  removeAuthenticator: {
    summary: "Removes your authenticator app",
    fails: { 403: "the password or the code is wrong", 404: "you have none" },
    limit: "logins",
    fields: { password: "yours", code: "of the app, or a backup code" },
    examples: [{ by: "bob", input: { password: "password", code: sampleFactorCodes[1] }, output: null }],
  },
  renewBackupCodes: {
    summary: "Replaces your backup codes",
    fails: { 403: "you have to confirm who you are first" },
    examples: [{ by: "bob", input: null, output: { backupCodes: newCodes } }],
  },
  revokeTrustedDevice: {
    summary: "Trusts a browser no longer",
    fails: { 404: "you trust no such browser" },
    examples: [{ by: "bob", input: { id: sampleDeviceId }, output: null }],
  },
  confirmIdentity: {
    summary: "Confirms who you are, for 10 minutes",
    description: `A new session needs no confirmation for 10 minutes. Later, what is dangerous fails with 403, "${confirmFirst}", and an issue at \`confirmation\`: administering the chat, handing over a server, and changing second factors.`,
    fails: { 403: "the password or the code is wrong" },
    limit: "logins",
    fields: { password: "yours", code: "of your second factor, in place of the password" },
    examples: [
      { input: { password: "password" }, output: null },
      {
        summary: "With a wrong password",
        input: { password: "guess" },
        error: {
          code: 403,
          message: "That is not your password",
          issues: [{ path: "password", message: "That is not your password" }],
        },
      },
    ],
  },
  getSecondFactorRule: {
    summary: "Whether administrators need a second factor",
    fails: { 403: "you do not administer this chat" },
    examples: [{ input: null, output: { needsSecondFactor: false } }],
  },
  setSecondFactorRule: {
    summary: "Sets whether administrators need a second factor",
    fails: { 403: "you do not administer this chat, or have to confirm who you are first" },
    examples: [{ input: { needsSecondFactor: false }, output: null }],
  },
}
