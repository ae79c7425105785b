import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Attachment, filesFields } from "../files/message-fields.ts"
import { contentRequired, Message, MessageId, Text } from "../messages/contract.ts"
import { isVisible } from "../names.ts"

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
  files: z.array(Attachment),
  dueAt: z.date(),
  /** Why it could not be sent; `null` while it waits. */
  failure: z.string().nullable(),
})
export type ScheduledMessage = z.infer<typeof ScheduledMessage>

const OneScheduled = z.object({ scheduledId: z.string() })
const { files } = filesFields.input

export const scheduledMessagesContract = {
  /**
   * Sends a message of the viewer at a time, by the rules of that time. `id` becomes that of the message. Its files are kept
   * until then. Fails: 401, 403 (may not write or attach files there), 404, 409 (the id is in use), 400 (a time that has passed
   * or is more than a year ahead; a file that does not exist or is in another message; too many), 429.
   */
  scheduleMessage: mutation({
    input: z
      .object({
        channelId: z.string(),
        content: Text,
        dueAt: z.date(),
        id: MessageId.optional(),
        replyTo: z.string().max(100).optional(),
        files,
      })
      .refine(({ content, files = [] }) => isVisible(content) || files.length > 0, {
        error: contentRequired,
        path: ["content"],
      }),
    output: OneScheduled,
  }),
  /** The viewer's messages that wait or could not be sent, the next one first. Fails: 401. */
  getScheduledMessages: query({ input: z.null(), output: z.array(ScheduledMessage) }),
  /**
   * Changes the text, the time or the files; one that could not be sent waits again. `files` are all that it then has: others
   * of it are deleted. Fails: 401, 403 (may not attach files there), 404, 409 (sent), 400, 429.
   */
  updateScheduledMessage: mutation({
    input: OneScheduled.extend({ content: Text.optional(), dueAt: z.date().optional(), files }),
    output: OneScheduled,
  }),
  /** Deletes it with its files. Fails: 401, 404, 409 (it was sent), 429. */
  cancelScheduledMessage: mutation({ input: OneScheduled, output: OneScheduled }),
  /** Sends it now. Fails: 401, 404, and as sending does; it then waits as before. */
  sendScheduledMessage: mutation({ input: OneScheduled, output: Message }),
}
