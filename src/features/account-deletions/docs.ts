import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { accountDeletionsContract } from "./contract.ts"

export const accountDeletionsDocs: ProcedureDocs<typeof accountDeletionsContract> = {
  getAccountDeletion: {
    summary: "Returns when your account will be deleted",
    description: "`null` while nothing is scheduled.",
    examples: [{ by: "bob", input: null, output: null }],
  },
  scheduleAccountDeletion: {
    summary: "Has your account deleted in some days",
    description:
      "14, unless `days` says otherwise; until then it works as before and you can cancel. 0 deletes it at once. Your bots, and servers without other members, are deleted too. Your messages stay under a placeholder name or are deleted, everywhere, in the background.",
    fails: {
      400: "you own a server with other members, or are the last administrator",
      403: "that is not your password; without one, you have not confirmed who you are",
      409: "your password was changed meanwhile",
    },
    limit: "logins",
    fields: {
      password: "Yours, if you have one",
      messages: "What happens to your messages",
      days: "0 for at once",
    },
    examples: [
      {
        by: "bob",
        input: { password: "password", messages: "delete" },
        output: { messages: "delete", dueAt: sample.at },
      },
      {
        summary: "With a server that others are in",
        input: { password: "password", messages: "keep" },
        error: {
          code: 400,
          message: "You own servers with other members: “Lab”. Hand over or delete them first",
        },
      },
    ],
  },
  cancelAccountDeletion: {
    summary: "Keeps your account",
    description: "Also when nothing was scheduled.",
    examples: [{ by: "bob", input: null, output: null }],
  },
}
