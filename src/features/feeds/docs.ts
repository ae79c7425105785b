import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { feedsContract } from "./contract.ts"

/** A feed of alice. */
export const sampleFeedId = "5b8d0f2a-4c6e-4a1b-93d5-f7e9c1a3b5d7"

export const feedsDocs: ProcedureDocs<typeof feedsContract> = {
  getFeeds: {
    summary: "Lists your feeds",
    description: "Their addresses are shown only when they are made.",
    examples: [{ by: "mallory", input: null, output: [] }],
  },
  createFeed: {
    summary: "Makes an address from which programs read a channel or a search",
    description:
      "An Atom feed (RFC 4287) with the newest 50 messages of a channel, or the newest 25 that a search finds. Anyone with the address can read it, as long as you may. Its path is `/feeds/` and the token.",
    fails: {
      400: "neither a channel nor a search, or both",
      403: "you may not read the channel's history, or have to confirm who you are first",
      404: "no such channel",
    },
    examples: [
      {
        input: { channelId: sample.channelId },
        output: {
          feed: {
            id: sample.newId,
            name: "#general, Lab",
            channelId: sample.channelId,
            query: null,
            createdAt: sample.at,
            lastUsedAt: null,
          },
          token: sample.token,
        },
      },
    ],
  },
  deleteFeed: {
    summary: "Ends a feed: its address stops working",
    fails: { 404: "you have no such feed" },
    examples: [{ input: { feedId: sampleFeedId }, output: null }],
  },
}
