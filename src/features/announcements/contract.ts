import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Longest announcement, in characters: it is shown above every page. */
export const maxAnnouncementLength = 500

/** What administrators say to everyone. */
export const InstanceAnnouncement = z.object({
  /** Another one with each announcement. */
  id: z.string(),
  /** Plain text. */
  text: z.string(),
  /** The viewer does not want to see it any more. */
  isDismissed: z.boolean(),
})

export const announcementsContract = {
  /**
   * Shows a text above the pages of everyone who is signed in, in place of the one before. Fails: 401, 403 (not an
   * administrator), 400.
   */
  announce: mutation({
    input: z.object({
      text: z
        .string()
        .trim()
        .min(1, "Write what you want to announce")
        .max(maxAnnouncementLength, `An announcement has at most ${maxAnnouncementLength} characters`),
    }),
    output: z.object({ id: z.string() }),
  }),
  /** Ends the announcement. Fails: 401, 403 (not an administrator), 404 (there is none). */
  clearAnnouncement: mutation({ input: z.null(), output: z.null() }),
  /** The announcement of now; `null` when there is none. Fails: 401. */
  getAnnouncement: query({ input: z.null(), output: InstanceAnnouncement.nullable(), meta: { bots: true } }),
  /** Hides an announcement from the viewer. Fails: 401, 404 (over). */
  dismissAnnouncement: mutation({ input: z.object({ id: z.string().max(100) }), output: z.null() }),
}
