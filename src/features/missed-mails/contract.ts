import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** How long something is unread before a mail says so, in minutes. */
export const missedMinutes = 15
/** The time between two mails to one person, in hours. */
export const mailEveryHours = 24

const Mails = z.enum(["never", "missed"])

export const missedMailsContract = {
  /** Whether the viewer gets e-mail for what they missed. `address`: their verified one, or `null`. Fails: 401. */
  getMissedMails: query({
    input: z.null(),
    output: z.object({
      mails: Mails,
      address: z.string().nullable(),
      /** Whether this chat sends e-mail. */
      isOffered: z.boolean(),
    }),
  }),
  /** Fails: 401, 403 (this chat sends no e-mail), 409 (no verified address), 429. */
  setMissedMails: mutation({ input: z.object({ mails: Mails }), output: z.null() }),
}
