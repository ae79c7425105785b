import type { ProcedureDocs } from "../api/doc.ts"
import type { usernamesContract } from "./contract.ts"

export const usernamesDocs: ProcedureDocs<typeof usernamesContract> = {
  changeUsername: {
    summary: "Changes your username",
    description:
      "You stay logged in everywhere. Your messages and mentions follow. Nobody else can take the old name for 14 days. At most 3 changes on one day.",
    fails: {
      403: "the password is wrong",
      409: "the name is taken, or the password was changed meanwhile",
    },
    limit: "logins",
    examples: [
      { by: "bob", input: { username: "robert", password: "password" }, output: { username: "robert" } },
      {
        summary: "With a name that is taken",
        by: "bob",
        input: { username: "alice", password: "password" },
        error: {
          code: 409,
          message: "That username is taken",
          issues: [{ path: "username", message: "That username is taken" }],
        },
      },
    ],
  },
}
