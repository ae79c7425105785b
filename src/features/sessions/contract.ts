import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** A browser or program in which a user is signed in. */
export const Session = z.object({
  id: z.string(),
  createdAt: z.date(),
  /** The last renewal; a session in use is renewed once a day. */
  updatedAt: z.date(),
  /** The `User-Agent` at sign-in. */
  userAgent: z.string().nullable(),
  /** The client's ip at sign-in. */
  ipAddress: z.string().nullable(),
  /** Whether it is the session of this call. */
  isCurrent: z.boolean(),
})
export type Session = z.infer<typeof Session>

export const sessionsContract = {
  /** The viewer's sessions, last used first, at most 200. Fails: 401. */
  getSessions: query({ input: z.null(), output: z.array(Session) }),
  /** Ends one of the viewer's own sessions and every live connection made with it. Fails: 401, 404. */
  revokeSession: mutation({ input: z.object({ sessionId: z.string() }), output: z.null() }),
  /** Ends all of the viewer's sessions except that of this call, with their live connections. Fails: 401. */
  revokeOtherSessions: mutation({ input: z.null(), output: z.null() }),
}
