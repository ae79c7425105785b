import type { ProcedureDocs } from "../api/doc.ts"
import type { emailAddressesContract } from "./contract.ts"

/** The token of a link that works in the example's world, and the address that it makes bob's. */
export const sampleVerificationToken = "Hj3Lf5Pc0YaTqEuIoSiDpFgWxKzCvBnM2Qm7RVd1Gs8"
export const sampleAddress = "bob@example.org"

const noMail = "this chat sends no e-mail"

export const emailAddressesDocs: ProcedureDocs<typeof emailAddressesContract> = {
  getEmailAddress: {
    summary: "Returns your e-mail address, and one that you have not confirmed yet",
    description: "`isOffered` says whether this chat sends e-mail.",
    examples: [{ input: null, output: { address: "alice@example.org", pending: null, isOffered: true } }],
  },
  setEmailAddress: {
    summary: "Sends a link to an e-mail address, which makes it yours",
    description: "The link works once, within an hour. Until then your address stays as it is.",
    fails: { 403: `the password is wrong, or ${noMail}`, 409: "the password was changed meanwhile" },
    limit: "logins",
    examples: [{ input: { address: "alice@example.net", password: "password" }, output: null }],
  },
  verifyEmailAddress: {
    summary: "Confirms an e-mail address by the link that was sent to it",
    open: true,
    fails: { 404: "the link no longer works", 409: "another account has the address" },
    fields: { token: "The end of the link" },
    examples: [
      {
        by: null,
        input: { token: sampleVerificationToken },
        output: { username: "bob", address: sampleAddress },
      },
    ],
  },
  removeEmailAddress: {
    summary: "Removes your e-mail address",
    fails: {
      403: "the password is wrong",
      404: "you have none",
      409: "the password was changed meanwhile",
    },
    limit: "logins",
    examples: [{ input: { password: "password" }, output: null }],
  },
  requestPasswordReset: {
    summary: "Sends a link for a new password to the e-mail address of an account",
    description:
      "The account is named by its username or its confirmed address. The answer does not say whether there is one.",
    open: true,
    fails: { 403: noMail },
    limit: "mails",
    examples: [{ by: null, input: { account: "alice" }, output: null }],
  },
}
