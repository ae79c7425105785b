import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Content, Message, MessageId } from "../messages/contract.ts"

/** Most messages of one user that wait or could not be sent. */
export const maxScheduled = 100

export const ScheduledMessage = z.object({
  /** The id that the message will have. */
  id: z.string(),
  serverId: z.string(),
  channelId: z.string(),
  /** Empty for a conversation. */
  serverName: z.string(),
  channelName: z.string(),
  content: z.string(),
  /** The message that it will reply to. */
  replyTo: z.string().nullable(),
  dueAt: z.date(),
  /** Why it could not be sent; `null` while it waits. */
  failure: z.string().nullable(),
})
export type ScheduledMessage = z.infer<typeof ScheduledMessage>

const OneScheduled = z.object({ scheduledId: z.string() })

export const scheduledMessagesContract = {
  /**
   * Sends a message of the viewer at a time, by the rules of that time. `id` becomes that of the message. Fails: 401, 403
   * (may not write there), 404, 409 (the id is in use), 400 (a time that has passed or is more than a year ahead; too many), 429.
   */
  scheduleMessage: mutation({
    input: z.object({
      channelId: z.string(),
      content: Content,
      dueAt: z.date(),
      id: MessageId.optional(),
      replyTo: z.string().max(100).optional(),
    }),
    output: OneScheduled,
  }),
  /** The viewer's messages that wait or could not be sent, the next one first. Fails: 401. */
  getScheduledMessages: query({ input: z.null(), output: z.array(ScheduledMessage) }),
  /** Changes the text or the time; one that could not be sent waits again. Fails: 401, 404, 409 (sent), 400, 429. */
  updateScheduledMessage: mutation({
    input: OneScheduled.extend({ content: Content.optional(), dueAt: z.date().optional() }),
    output: OneScheduled,
  }),
  /** Fails: 401, 404, 409 (it was sent), 429. */
  cancelScheduledMessage: mutation({ input: OneScheduled, output: OneScheduled }),
  /** Sends it now. Fails: 401, 404, and as sending does; it then waits as before. */
  sendScheduledMessage: mutation({ input: OneScheduled, output: Message }),
}
