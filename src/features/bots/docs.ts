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
const notYours = { 404: "you have no such bot" }

export const botsDocs: ProcedureDocs<typeof botsContract> = {
  getBots: {
    summary: "Lists your bots with their servers and tokens, without the secrets",
    examples: [{ input: null, output: [bot] }],
  },
  createBot: {
    summary: "Creates an account for a program that signs in with tokens",
    description:
      "At most 25 for each user. A bot may read and write in the servers it was added to. Everything that is for people refuses it with 403. Its messages are marked.",
    fails: { 409: "that username is taken" },
    limit: "logins",
    fields: { username: "The same rules as for people: see `signUp`" },
    examples: [
      {
        input: { username: "helper" },
        output: { id: sample.newId, username: "helper", createdAt: sample.at, tokens: [], servers: [] },
      },
      {
        summary: "With a username that is taken",
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
    summary: "Deletes a bot with its tokens, live connections and memberships; its messages stay",
    fails: notYours,
    examples: [{ input: { botId: sample.botId }, output: { serverIds: [] } }],
  },
  createBotToken: {
    summary: "Creates a token of a bot, for `Authorization: Bearer`",
    description: "At most 10 for each bot. Only this response contains it: the server stores its hash.",
    fails: notYours,
    examples: [
      {
        input: { botId: sample.botId },
        output: { id: sample.newId, token: "covenant_bot_jB2nTq0xVfYc8sLw4mZkR7eHd1uPaG9oXy3WvU5tQ6k" },
      },
    ],
  },
  revokeBotToken: {
    summary: "Revokes a token and ends every live connection made with it",
    fails: { 404: "none of your bots has such a token" },
    examples: [{ input: { tokenId: sample.botTokenId }, output: null }],
  },
  addBot: {
    summary: "Adds one of your bots to one of your servers",
    description: "It becomes a member, and can be removed like any other.",
    fails: { 403: "you do not own the server", 404: "no such server, or you have no such bot" },
    examples: [{ input: { serverId: sample.serverId, botId: sample.botId }, output: null }],
  },
}
