import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { accountsContract } from "./contract.ts"

export const accountsDocs: ProcedureDocs<typeof accountsContract> = {
  login: {
    summary: "Signs in and returns a token",
    description:
      "Send the token as `Authorization: Bearer` with every other request. It is valid for 30 days after its last use, until its session ends.",
    open: true,
    fails: { 401: "wrong username or password" },
    limit: "logins",
    examples: [
      {
        by: null,
        input: { username: "alice", password: "password" },
        output: { token: sample.token, userId: sample.aliceId, username: "alice" },
      },
      {
        summary: "With a wrong password",
        by: null,
        input: { username: "alice", password: "guess" },
        error: { code: 401, message: "Wrong username or password" },
      },
    ],
  },
  signUp: {
    summary: "Creates an account and signs in",
    description:
      "With `recoveryCode` the account is recovered when its password is lost. It is returned only here.",
    open: true,
    fails: { 409: "that username is taken" },
    limit: "logins",
    fields: {
      username: "2 to 32 letters a–z, digits, dots, dashes and underscores",
      password: "8 to 256 characters, other than the username",
    },
    examples: [
      {
        by: null,
        input: { username: "carol", password: "a long password" },
        output: {
          token: sample.token,
          userId: sample.newId,
          username: "carol",
          recoveryCode: "7K3M-Q9TX-0B5H-ZR2C-W8VN",
        },
      },
      {
        summary: "With a username that is taken",
        by: null,
        input: { username: "alice", password: "a long password" },
        error: { code: 409, message: "That username is taken" },
      },
    ],
  },
  getSignUpWork: {
    summary: "Returns the computation that replaces the answer at sign-up",
    description:
      "Find the smallest number for which the SHA-256 of `challenge`, a colon and the number begins with `bits` zero bits, and send `challenge:number` as `work`. It admits once, within an hour. `null` where only the answer counts.",
    open: true,
    examples: [{ by: null, input: null, output: null }],
  },
  logout: {
    summary: "Ends the session of the token with every live connection made with it",
    examples: [{ input: null, output: null }],
  },
  changePassword: {
    summary: "Changes your password and ends all other sessions",
    fails: { 403: "the current password is wrong", 409: "the password was changed meanwhile" },
    limit: "logins",
    examples: [
      { input: { currentPassword: "password", newPassword: "a longer password" }, output: null },
      {
        summary: "With a new password that is too short",
        input: { currentPassword: "password", newPassword: "short" },
        error: {
          code: 400,
          message: "newPassword: A password needs at least 8 characters",
          issues: [{ path: "newPassword", message: "A password needs at least 8 characters" }],
        },
      },
    ],
  },
  deleteAccount: {
    summary: "Deletes your account and returns the ids of the servers you were in",
    description:
      "Ends its sessions, memberships and invites. Its messages stay under a placeholder name. Delete the servers you own first.",
    fails: { 403: "the password is wrong", 409: "the password was changed meanwhile" },
    limit: "logins",
    examples: [
      { by: "bob", input: { password: "password" }, output: { serverIds: [sample.serverId] } },
      {
        summary: "By the owner of a server",
        input: { password: "password" },
        error: {
          code: 400,
          message: "You own servers. Delete each of them in its settings first",
        },
      },
    ],
  },
}
