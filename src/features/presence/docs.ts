import type { ChannelDocs } from "../api/doc.ts"
import type { presenceChannels } from "./contract.ts"

const fails = {
  401: "no token was sent, or one that is not good",
  403: "one is not a member",
  404: "there is no such channel",
}

export const presenceChannelDocs: ChannelDocs<typeof presenceChannels> = {
  presence: {
    summary: "Who is there, and who is typing",
    description:
      "Nothing of it is stored, and under load it is the first to be dropped. Who has no page of the chat open and says `online` or `idle` is so for a minute: say it again before it has passed. Others are told when it changes.",
    fails,
    fields: {
      after: "Accepted and ignored: nothing is kept",
      username: "Accepted and ignored: the token says who",
    },
  },
}
