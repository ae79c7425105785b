import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message, PersonNamed } from "../messages/contract.ts"
import { maxAnswers } from "./message-fields.ts"

/** Voters in one page. Source: Discord API docs, Get Answer Voters. */
export const maxVotersPage = 100

const Answer = z
  .int()
  .min(0)
  .max(maxAnswers - 1)

export const pollsContract = {
  /**
   * Replaces the viewer's vote by these answers, given by their index; none takes the vote back. Sending the same again
   * changes nothing. Fails: 401, 404 (no such message, or no poll), 400 (no such answer; several where one is allowed),
   * 403 (blocked), 409 (closed), 410 (deleted), 429.
   */
  votePoll: mutation({
    input: z.object({ messageId: z.string(), answers: z.array(Answer).max(maxAnswers) }),
    output: Message,
    meta: { bots: true },
  }),
  /**
   * Takes back the viewer's vote for an answer, or votes for it: in place of another vote where one is allowed. Fails:
   * as `votePoll`.
   */
  togglePollVote: mutation({
    input: z.object({ messageId: z.string(), answer: Answer }),
    output: Message,
    meta: { bots: true },
  }),
  /**
   * Closes a poll before its time, and announces the result. For its author, and members who may manage messages. Fails:
   * 401, 404, 403, 409 (closed already), 410 (deleted).
   */
  endPoll: mutation({ input: z.object({ messageId: z.string() }), output: Message, meta: { bots: true } }),
  /** Who voted for an answer, ordered by id, `after` the user with that id. Fails: 401, 404, 400 (no such answer). */
  getPollVoters: query({
    input: z.object({
      messageId: z.string(),
      answer: Answer,
      limit: z.int().min(1).max(maxVotersPage).optional(),
      after: z.string().optional(),
    }),
    output: z.object({
      channelId: z.string(),
      voters: z.array(PersonNamed),
    }),
    meta: { bots: true },
  }),
}
