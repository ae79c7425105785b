import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

/** Pinned messages of one channel. Source: Discord, 50. */
export const maxPins = 50

export const pinsContract = {
  /**
   * Pins a message in its channel, where a message of the server says so. For those with the permission to pin; in a
   * conversation for all its users.
   * Fails: 401, 403 (may not pin; blocked), 404, 410 (deleted), 400 (too many).
   */
  pinMessage: mutation({ input: z.object({ messageId: z.string() }), output: Message, meta: { bots: true } }),
  /** Unpins a message. Fails: 401, 403, 404, 410. */
  unpinMessage: mutation({
    input: z.object({ messageId: z.string() }),
    output: Message,
    meta: { bots: true },
  }),
  /** A channel's pinned messages, last pinned first. Fails: 401, 403, 404. */
  getPins: query({
    input: z.object({ channelId: z.string() }),
    output: z.array(Message),
    meta: { bots: true },
  }),
}
