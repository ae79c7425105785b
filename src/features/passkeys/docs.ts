import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { passkeysContract } from "./contract.ts"

/** In the example's world: a passkey of bob, and what browsers would answer to a step of each kind. */
export const samplePasskeyId = "4b7a1c2d-9e8f-4a6b-8c5d-3e2f1a0b9c8d"
export const sampleAddStep = "W8nQz3LkT7vXc0PqRb5NfGhYdJ2eUa9oI6BnCpQxZrM"
export const sampleAddAnswer = "the answer of a browser with a new passkey"
export const samplePasskeyStep = "a5TkW8nQz3LvXc0PqRb7NfGhYdJ2eUo9I6BnCpQxZrM"
export const samplePasskeyAnswer = "the answer of a browser with a known passkey"

export const sampleConfirmationStep = "cC3TkW8nQz3LvXc0PqRb7NfGhYdJ2eUo9I6BnCpQxZr"
export const sampleConfirmationAnswer = "the response of a browser that confirms by a passkey"

const about = {
  step: "the token of the started confirmation",
  response: "the browser's answer: `PublicKeyCredential.toJSON()` as JSON",
}

export const passkeysDocs: ProcedureDocs<typeof passkeysContract> = {
  getPasskeys: {
    summary: "Lists your passkeys, oldest first",
    examples: [
      {
        by: "bob",
        input: null,
        output: [
          { id: samplePasskeyId, name: "Phone", createdAt: sample.at, lastUsedAt: null, isBackedUp: false },
        ],
      },
    ],
  },
  beginPasskey: {
    summary: "Returns the browser's options for a new passkey",
    description: "A passkey is bound to the host of `PUBLIC_URL`. The step expires after 5 minutes.",
    fails: { 403: "you have to confirm who you are first" },
    examples: [
      {
        by: "bob",
        input: null,
        output: { step: sampleAddStep, options: '{"challenge":"…","rp":{"name":"Covenant Chat"}}' },
      },
    ],
  },
  addPasskey: {
    summary: "Adds a passkey",
    description: "It is a second factor, too. Returns 10 backup codes, unless you have unused ones.",
    fails: { 404: "the step has expired" },
    fields: { ...about, name: "by which you know it again" },
    examples: [
      {
        by: "bob",
        input: { step: sampleAddStep, name: "Laptop", response: sampleAddAnswer },
        output: { backupCodes: [] },
      },
    ],
  },
  renamePasskey: {
    summary: "Renames a passkey",
    fails: { 404: "you have no such passkey" },
    examples: [{ by: "bob", input: { id: samplePasskeyId, name: "Old phone" }, output: null }],
  },
  removePasskey: {
    summary: "Removes a passkey",
    fails: { 403: "you have to confirm who you are first", 404: "you have no such passkey" },
    examples: [{ by: "bob", input: { id: samplePasskeyId }, output: null }],
  },
  beginPasskeyLogin: {
    summary: "Returns the browser's options to log in with a passkey",
    open: true,
    fields: { loginStep: "of a sign-in that waits for its second factor, or null" },
    examples: [
      {
        by: null,
        input: { loginStep: null },
        output: { step: samplePasskeyStep, options: '{"challenge":"…"}' },
      },
    ],
  },
  loginWithPasskey: {
    summary: "Signs in with a passkey and returns a token",
    open: true,
    fails: {
      401: "the passkey is not known, its answer is wrong, or the step has expired",
      403: "the account is suspended",
    },
    fields: about,
    examples: [
      {
        by: null,
        input: { step: samplePasskeyStep, response: samplePasskeyAnswer },
        output: { token: sample.token, userId: sample.bobId, username: "bob" },
      },
    ],
  },
  beginPasskeyConfirmation: {
    summary: "Returns the browser's options to confirm your identity with a passkey",
    fails: { 404: "you have no passkey" },
    examples: [
      {
        by: "bob",
        input: null,
        output: { step: sampleConfirmationStep, options: '{"challenge":"…"}' },
      },
    ],
  },
  confirmByPasskey: {
    summary: "Confirms by a passkey who you are, for 10 minutes",
    description: "As `confirmIdentity` does by a password or a code.",
    fails: {
      401: "the passkey is not known, its answer is wrong, or the step has expired",
      403: "it is somebody else's",
    },
    fields: about,
    examples: [
      {
        by: "bob",
        input: { step: sampleConfirmationStep, response: sampleConfirmationAnswer },
        output: null,
      },
    ],
  },
}
