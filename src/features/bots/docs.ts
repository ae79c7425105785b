import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { botsContract } from "./contract.ts"

const bot = {
  id: sample.botId,
  username: "robot",
  createdAt: sample.at,
  tokens: [{ id: sample.botTokenId, createdAt: sample.at, lastUsedAt: null }],
  servers: [],
}
const notYours = { 404: "one has no such bot" }

export const botsDocs: ProcedureDocs<typeof botsContract> = {
  getBots: {
    summary: "One's bots, with what is known of their tokens and the servers they are in",
    examples: [{ input: null, output: [bot] }],
  },
  createBot: {
    summary: "Makes an account for a program, which signs in by tokens alone",
    description:
      "At most 25 a person. A bot may read and write in the servers it was added to, and nothing that is for people: everything else refuses it with 403. What it writes is marked.",
    fails: { 409: "the name is taken" },
    limit: "logins",
    fields: { username: "By the rules of people's names" },
    examples: [
      {
        input: { username: "helper" },
        output: { id: sample.newId, username: "helper", createdAt: sample.at, tokens: [], servers: [] },
      },
      {
        summary: "By a name that is taken",
        input: { username: "bob" },
        error: {
          code: 409,
          message: "That username is taken",
          issues: [{ path: "username", message: "That username is taken" }],
        },
      },
    ],
  },
  deleteBot: {
    summary: "Ends a bot with its tokens, live connections and memberships; what it wrote stays",
    fails: notYours,
    examples: [{ input: { botId: sample.botId }, output: { serverIds: [] } }],
  },
  createBotToken: {
    summary: "A new token of a bot, for `Authorization: Bearer`",
    description: "At most 10 a bot. It stands in this answer alone: only its hash is kept.",
    fails: notYours,
    examples: [
      {
        input: { botId: sample.botId },
        output: { id: sample.newId, token: "covenant_bot_jB2nTq0xVfYc8sLw4mZkR7eHd1uPaG9oXy3WvU5tQ6k" },
      },
    ],
  },
  revokeBotToken: {
    summary: "Ends a token, and every live connection made with it, at once",
    fails: { 404: "none of one's bots has such a token" },
    examples: [{ input: { tokenId: sample.botTokenId }, output: null }],
  },
  addBot: {
    summary: "Adds a bot of one's own to a server of one's own",
    description: "It is a member from then on, until it is removed like anyone else.",
    fails: { 403: "one is not the server's owner", 404: "there is no such server, or one has no such bot" },
    examples: [{ input: { serverId: sample.serverId, botId: sample.botId }, output: null }],
  },
}
