import type { ProcedureDocs } from "../api/doc.ts"
import type { missedMailsContract } from "./contract.ts"

export const missedMailsDocs: ProcedureDocs<typeof missedMailsContract> = {
  getMissedMails: {
    summary: "Says whether you get e-mail for what you missed",
    description: "`address` is your confirmed one. `isOffered` says whether this chat sends e-mail.",
    examples: [{ input: null, output: { mails: "never", address: "alice@example.org", isOffered: true } }],
  },
  setMissedMails: {
    summary: "Turns e-mail for what you missed on or off",
    description:
      "Inbox items that stay unread for 15 minutes are sent in one e-mail. Further e-mails follow at most once a day.",
    fails: { 403: "this chat sends no e-mail", 409: "you have no confirmed address" },
    examples: [{ input: { mails: "missed" }, output: null }],
  },
}
