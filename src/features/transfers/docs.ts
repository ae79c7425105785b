import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { transfersContract } from "./contract.ts"

const { serverId } = sample
const noOffer = "there is no offer by or to you, or not any more"
const refused = { code: 404, message: "There is no such offer. It may have ended" }

export const transfersDocs: ProcedureDocs<typeof transfersContract> = {
  getTransfer: {
    summary: "Returns the open offer to hand a server over",
    description: "For the owner and whom it is made to; `null` without one.",
    fails: { 403: "you are not a member", 404: "no such server" },
    examples: [{ input: { serverId }, output: null }],
  },
  transferServer: {
    summary: "Offers a server to a member",
    description: "They become its owner by accepting, within 7 days. Replaces an earlier offer.",
    fails: { 403: "you do not own the server", 404: "no such server or member" },
    fields: { name: "The server's name, to confirm" },
    examples: [
      {
        input: { serverId, userId: sample.bobId, name: "Lab" },
        output: {
          ...{ serverId, toUserId: sample.bobId, toUsername: "bob" },
          ...{ createdAt: sample.at, expiresAt: sample.at },
        },
      },
      {
        summary: "Without confirming",
        input: { serverId, userId: sample.bobId, name: "" },
        error: { code: 400, message: "Type the server's name exactly" },
      },
    ],
  },
  acceptServer: {
    summary: "Accepts a server that its owner offers you",
    description: "You become its owner, and who was it stays a member. You may own at most 100.",
    fails: { 403: "you are not a member", 404: noOffer },
    examples: [
      { by: "bob", input: { serverId }, output: null },
      { summary: "That is not offered to you", input: { serverId }, error: refused },
    ],
  },
  cancelTransfer: {
    summary: "Takes back the offer of a server, or declines it",
    fails: { 403: "you are not a member", 404: noOffer },
    examples: [
      { by: "bob", input: { serverId }, output: null },
      { summary: "Without an offer", input: { serverId }, error: refused },
    ],
  },
}
