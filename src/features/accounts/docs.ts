import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { accountsContract } from "./contract.ts"

export const accountsDocs: ProcedureDocs<typeof accountsContract> = {
  login: {
    summary: "Signs in, and answers with a token",
    description:
      "The token goes into `Authorization: Bearer` of every other request. It is good for 30 days from its last use, and until its session is ended.",
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
    summary: "Makes an account, and signs it in",
    open: true,
    fails: { 409: "that username is taken" },
    limit: "logins",
    fields: {
      username: "2 to 32 letters a–z, digits, dots, dashes and underscores",
      password: "8 to 256 characters",
    },
    examples: [
      {
        by: null,
        input: { username: "carol", password: "a long password" },
        output: { token: sample.token, userId: sample.newId, username: "carol" },
      },
      {
        summary: "With a name that is taken",
        by: null,
        input: { username: "alice", password: "a long password" },
        error: { code: 409, message: "That username is taken" },
      },
    ],
  },
  logout: {
    summary: "Ends the session whose token it is, with every live connection made with it",
    examples: [{ input: null, output: null }],
  },
  changePassword: {
    summary: "Changes one's password, and ends all other sessions",
    fails: { 403: "the current password is wrong", 409: "it was changed meanwhile" },
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
    summary: "Ends one's account, and answers with the servers one was in",
    description:
      "Its sessions, memberships and invites end with it. What was written stays, under a name that is nobody's. Owners of servers delete those first.",
    fails: { 403: "the password is wrong", 409: "it was changed meanwhile" },
    limit: "logins",
    examples: [
      { by: "bob", input: { password: "password" }, output: { serverIds: [sample.serverId] } },
      {
        summary: "By the owner of a server",
        input: { password: "password" },
        error: {
          code: 400,
          message: "You own servers. Delete them first: each has that in its settings",
        },
      },
    ],
  },
}
