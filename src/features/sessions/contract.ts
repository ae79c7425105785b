import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** A browser or program in which someone is signed in. */
export const Session = z.object({
  id: z.string(),
  createdAt: z.date(),
  /** When it was last renewed: once a day while it is used. */
  updatedAt: z.date(),
  /** What the browser or program called itself when it signed in. */
  userAgent: z.string().nullable(),
  /** Where it signed in from. */
  ipAddress: z.string().nullable(),
  /** Is it the one that asks? */
  isCurrent: z.boolean(),
})
export type Session = z.infer<typeof Session>

export const sessionsContract = {
  /** The viewer's sessions, last used first, at most 200. Fails: 401. */
  getSessions: query({ input: z.null(), output: z.array(Session) }),
  /** Ends one of the viewer's own sessions and every live connection made with it. Fails: 401, 404. */
  revokeSession: mutation({ input: z.object({ sessionId: z.string() }), output: z.null() }),
  /** Ends all of the viewer's sessions but the one that asks, with their live connections. Fails: 401. */
  revokeOtherSessions: mutation({ input: z.null(), output: z.null() }),
}
