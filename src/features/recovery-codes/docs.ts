import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { recoveryCodesContract } from "./contract.ts"

/** bob's, and one that takes its place, in the example's world. */
export const [sampleRecoveryCode, sampleNextCode] = ["7K3M-Q9TX-0B5H-ZR2C-W8VN", "4D1P-6YEA-H2SK-91MV-TCXJ"]

export const recoveryCodesDocs: ProcedureDocs<typeof recoveryCodesContract> = {
  getRecovery: {
    summary: "Says when your recovery code was made",
    examples: [{ by: "bob", input: null, output: { createdAt: sample.at } }],
  },
  renewRecoveryCode: {
    summary: "Makes a recovery code, in place of the one before",
    description: "The code is stored hashed, so it is returned only here.",
    fails: { 403: "the password is wrong", 409: "the password was changed meanwhile" },
    limit: "logins",
    examples: [
      { input: { password: "password" }, output: { recoveryCode: sampleNextCode } },
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
  recoverAccount: {
    summary: "Sets a new password by a recovery code",
    description:
      "Ends all sessions of the account and returns its next code. Capitals, spaces and dashes of the code do not matter.",
    open: true,
    fails: { 401: "wrong username or recovery code" },
    limit: "logins",
    examples: [
      {
        by: null,
        input: { username: "bob", recoveryCode: sampleRecoveryCode, newPassword: "a longer password" },
        output: { username: "bob", recoveryCode: sampleNextCode },
      },
      {
        summary: "With a wrong code",
        by: null,
        input: { username: "alice", recoveryCode: "guess", newPassword: "a longer password" },
        error: { code: 401, message: "Wrong username or recovery code" },
      },
    ],
  },
}
