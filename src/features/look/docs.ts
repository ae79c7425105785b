import type { ProcedureDocs } from "../api/doc.ts"
import type { lookContract } from "./contract.ts"

const fails = { 403: "you do not administer this chat" }

export const lookDocs: ProcedureDocs<typeof lookContract> = {
  updateLook: {
    summary: "Changes the name, the colour and the texts of this chat",
    description:
      "Missing fields stay. Where the accent would be hard to read, pages use a darker or lighter shade of it.",
    fails,
    fields: {
      signInText: "Plain text above the form to log in. Web addresses in it become links",
      accent: "The colour of links and buttons; `null` for the usual one",
      termsUrl: "The terms that people accept when they sign up; empty for none",
      privacyUrl: "The privacy policy; empty for none",
    },
    examples: [
      { input: { name: "Our chat", accent: "#0a6e5c", termsUrl: "https://example.org/terms" }, output: null },
    ],
  },
  removeInstanceIcon: {
    summary: "Removes the icon of this chat",
    fails,
    examples: [{ input: null, output: null }],
  },
}
