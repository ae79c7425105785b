import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Message } from "../messages/contract.ts"

/** Most reminders of one user that are still to come. */
export const maxReminders = 200
/** Longest note, in UTF-16 code units. */
export const maxReminderNote = 200

const Note = z
  .string()
  .overwrite((text) => text.toWellFormed().replace(/\s+/g, " ").replaceAll("\0", "\ufffd").trim())
  .refine((text) => text.length <= maxReminderNote, `A note has at most ${maxReminderNote} characters`)

export const Reminder = z.object({
  id: z.string(),
  message: Message,
  /** Empty for a conversation. */
  serverName: z.string(),
  channelName: z.string(),
  dueAt: z.date(),
  note: z.string(),
})
export type Reminder = z.infer<typeof Reminder>

const OneReminder = z.object({ reminderId: z.string() })

export const remindersContract = {
  /**
   * Puts a message into the viewer's inbox at a time. Fails: 401, 404, 410 (deleted), 400 (a time that has passed or is more
   * than a year ahead; too many), 429.
   */
  createReminder: mutation({
    input: z.object({ messageId: z.string(), dueAt: z.date(), note: Note.optional() }),
    output: OneReminder,
  }),
  /** The viewer's reminders that are still to come, the next one first; of messages that they may read. Fails: 401. */
  getReminders: query({ input: z.null(), output: z.array(Reminder) }),
  /** Changes the time or the note of a reminder that is still to come. Fails: 401, 404, 400, 429. */
  updateReminder: mutation({
    input: OneReminder.extend({ dueAt: z.date().optional(), note: Note.optional() }),
    output: OneReminder,
  }),
  /** Fails: 401, 404 (none that is still to come), 429. */
  deleteReminder: mutation({ input: OneReminder, output: OneReminder }),
}
