import type { ProcedureDocs } from "../api/doc.ts"
import type { instanceContract } from "./contract.ts"

/** The tokens of addresses that work in the example's world. */
export const sampleSetUpToken = "Vd1Gs8Hj3Lf5Pc0YaTqEuIoSiDpFgWxKzCvBnM2Qm7R"
export const sampleResetToken = "Lf5Pc0YaTqEuIoSiDpFgWxKzCvBnM2Qm7RVd1Gs8Hj3"

const setUp = { name: "Our chat", registration: "invite", serverCreation: "everyone" } as const

export const instanceDocs: ProcedureDocs<typeof instanceContract> = {
  getInstance: {
    summary: "Returns the name of this chat, and who may sign up",
    open: true,
    examples: [
      {
        by: null,
        input: null,
        output: {
          name: "Covenant Chat",
          registration: "open",
          serverCreation: "everyone",
          signInText: "",
          accent: null,
          termsUrl: "",
          privacyUrl: "",
          signUpQuestion: "",
          signUpWork: false,
          isSetUp: true,
        },
      },
    ],
  },
  setUpInstance: {
    summary: "Makes you the administrator of a new chat, by the address that it printed",
    description:
      "Works once, within 15 minutes, while there is no administrator. With `username` and `password` it creates your account and signs you in.",
    open: true,
    fails: { 404: "the link no longer works", 409: "that username is taken" },
    fields: { token: "The end of the address" },
    examples: [
      {
        input: { token: sampleSetUpToken, ...setUp },
        output: { grant: null },
      },
      {
        summary: "With an address that was used",
        by: null,
        input: { token: "used", ...setUp, username: "carol", password: "a long password" },
        error: { code: 404, message: "This link no longer works" },
      },
    ],
  },
  resetPassword: {
    summary: "Sets a new password by an address that an administrator made",
    description: "Works once, within 15 minutes, and ends all sessions of the account.",
    open: true,
    fails: { 404: "the link no longer works" },
    fields: { token: "The end of the address" },
    examples: [
      {
        by: null,
        input: { token: sampleResetToken, newPassword: "a longer password" },
        output: null,
      },
      {
        summary: "With an address that was used",
        by: null,
        input: { token: "used", newPassword: "a longer password" },
        error: { code: 404, message: "This link no longer works" },
      },
    ],
  },
}
