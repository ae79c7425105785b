import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message, PersonNamed } from "../messages/contract.ts"

/** Most different emoji on one message. Source: Discord, 20. */
export const maxReactions = 20

/** Users listed by name for each emoji; further users are only counted. */
export const maxNamed = 50

/** Users in one page of reactors. Source: Discord API docs, Get Reactions. */
export const maxReactors = 100

/** A sequence that Unicode recommends for general interchange (UTS #51, ED-27). */
const emoji = /^\p{RGI_Emoji}$/v

/** One emoji. Adds the variation selector for emoji presentation if only that is missing. */
export const Emoji = z
  .string()
  .max(64, "That is not an emoji")
  .overwrite((text) => (emoji.test(text) || !emoji.test(`${text}\ufe0f`) ? text : `${text}\ufe0f`))
  .refine((text) => emoji.test(text), "That is not an emoji")

const Chosen = z.object({ messageId: z.string(), emoji: Emoji })

export const reactionsContract = {
  /** Adds the viewer's emoji to a message. Fails: 401, 404, 400 (no emoji; too many), 403 (blocked), 410, 429. */
  addReaction: mutation({ input: Chosen, output: Message, meta: { bots: true } }),
  /** Removes the viewer's emoji. Fails: 401, 404, 400 (no emoji), 403 (blocked), 410 (deleted), 429. */
  removeReaction: mutation({ input: Chosen, output: Message, meta: { bots: true } }),
  /** Removes the viewer's emoji when it is there, adds it otherwise. Fails: as `addReaction`. */
  toggleReaction: mutation({ input: Chosen, output: Message, meta: { bots: true } }),
  /** Lists users who reacted with an emoji, by id; those `after` a user's id. Fails: 401, 404, 400. */
  getReactions: query({
    input: Chosen.extend({
      limit: z.int().min(1).max(maxReactors).optional(),
      after: z.string().optional(),
    }),
    output: z.object({
      channelId: z.string(),
      people: z.array(PersonNamed),
    }),
    meta: { bots: true },
  }),
}
