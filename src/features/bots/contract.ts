import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { NewUsername } from "../accounts/contract.ts"

/** Bots of one user, and tokens of one bot. */
export const maxBots = 25
export const maxBotTokens = 10

/** A bot's token without the secret: only its hash is stored. */
const BotToken = z.object({
  id: z.string(),
  createdAt: z.date(),
  /** `null` before the first use. */
  lastUsedAt: z.date().nullable(),
})

/** An account for a program. The user who created it is responsible for it. */
export const Bot = z.object({
  id: z.string(),
  username: z.string(),
  createdAt: z.date(),
  tokens: z.array(BotToken),
  /** The servers in which it may read and write. */
  servers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type Bot = z.infer<typeof Bot>

export const botsContract = {
  /** The viewer's bots by name. Fails: 401. */
  getBots: query({ input: z.null(), output: z.array(Bot) }),
  /** Creates an account that signs in only by tokens. Fails: 401, 400 (name; too many bots), 409 (name taken), 429. */
  createBot: mutation({ input: z.object({ username: NewUsername }), output: Bot }),
  /**
   * Deletes a bot of the viewer with its tokens, live connections and memberships. Its messages stay under a
   * placeholder name. Returns the ids of the servers it was in. Fails: 401, 404.
   */
  deleteBot: mutation({
    input: z.object({ botId: z.string() }),
    output: z.object({ serverIds: z.array(z.string()) }),
  }),
  /**
   * Creates a token of a bot of the viewer, for `Authorization: Bearer`. Only this response contains it.
   * Fails: 401, 404, 400 (too many tokens).
   */
  createBotToken: mutation({
    input: z.object({ botId: z.string() }),
    output: z.object({ id: z.string(), token: z.string() }),
  }),
  /** Revokes a token and ends every live connection made with it. Fails: 401, 404. */
  revokeBotToken: mutation({ input: z.object({ tokenId: z.string() }), output: z.null() }),
  /**
   * Makes a bot of the viewer a member of a server of the viewer. Fails: 401, 403 (not the server's owner), 404 (no such
   * server, or the viewer has no such bot), 400 (the bot is banned there).
   */
  addBot: mutation({ input: z.object({ serverId: z.string(), botId: z.string() }), output: z.null() }),
}
