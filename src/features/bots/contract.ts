import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { NewUsername } from "../accounts/contract.ts"

/** Most bots of one person, and most tokens of one bot. */
export const maxBots = 25
export const maxBotTokens = 10

/** What a bot's token is known by: never the token itself, which nobody can be told again. */
const BotToken = z.object({
  id: z.string(),
  createdAt: z.date(),
  /** To the minute; `null` when it never was. */
  lastUsedAt: z.date().nullable(),
})

/** An account that a program signs in to, and a person answers for. */
export const Bot = z.object({
  id: z.string(),
  username: z.string(),
  createdAt: z.date(),
  tokens: z.array(BotToken),
  /** Where it reads and writes: nowhere else. */
  servers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type Bot = z.infer<typeof Bot>

export const botsContract = {
  /** The viewer's bots by name. Fails: 401. */
  getBots: query({ input: z.null(), output: z.array(Bot) }),
  /** Makes an account that signs in by tokens alone. Fails: 401, 400 (name; too many bots), 409 (name taken), 429. */
  createBot: mutation({ input: z.object({ username: NewUsername }), output: Bot }),
  /**
   * Ends a bot of the viewer's with its tokens, live connections and memberships; what it wrote stays, under a name
   * that is nobody's. The ids of the servers it was in. Fails: 401, 404.
   */
  deleteBot: mutation({
    input: z.object({ botId: z.string() }),
    output: z.object({ serverIds: z.array(z.string()) }),
  }),
  /**
   * A new token of a bot of the viewer's, for `Authorization: Bearer`. This answer is the only place where it stands.
   * Fails: 401, 404, 400 (too many tokens).
   */
  createBotToken: mutation({
    input: z.object({ botId: z.string() }),
    output: z.object({ id: z.string(), token: z.string() }),
  }),
  /** Ends a token, and every live connection made with it, at once. Fails: 401, 404. */
  revokeBotToken: mutation({ input: z.object({ tokenId: z.string() }), output: z.null() }),
  /**
   * Makes a bot of the viewer's a member of a server of the viewer's; it stays one until it is removed. Fails: 401, 403
   * (not the server's owner), 404 (no such server, no such bot of theirs), 400 (the bot is banned there).
   */
  addBot: mutation({ input: z.object({ serverId: z.string(), botId: z.string() }), output: z.null() }),
}
