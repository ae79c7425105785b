import type { ChannelDocs } from "../api/doc.ts"
import type { presenceChannels } from "./contract.ts"

const fails = {
  401: "no valid token was sent",
  403: "you are not a member",
  404: "no such channel",
}

export const presenceChannelDocs: ChannelDocs<typeof presenceChannels> = {
  presence: {
    summary: "Who is online and who is typing",
    description:
      "Presence is not stored, and it is the first to be dropped under load. Without an open page, a status of `online` or `idle` lasts for a minute: send it again before that. Changes are announced to the others.",
    fails,
    fields: {
      after: "Accepted and ignored: presence is not stored",
      username: "Accepted and ignored: the token identifies the user",
    },
  },
}
