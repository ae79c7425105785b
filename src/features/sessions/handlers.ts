import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { sessionsContract } from "./contract.ts"
import { deleteSession, deleteSessions, listSessions } from "./store.ts"

export const sessionsHandlers: Procedures<typeof sessionsContract> = {
  getSessions: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ derived }) {
      const viewer = derived.requireAuth()
      const sessions = await listSessions(derived.db, viewer.id, new Date())

      return sessions.map((session) => ({
        ...session,
        // better-auth stores what it does not know as an empty text.
        userAgent: session.userAgent || null,
        ipAddress: session.ipAddress || null,
        isCurrent: session.id === viewer.sessionId,
      }))
    },
  },

  revokeSession: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const { sessionId } = inputs
      const isEnded = await commits.run(() => deleteSession(db, viewer.id, sessionId))
      if (!isEnded) error("There is no such session", 404)

      derived.sessions.forget({ sessionId })
      derived.evictions.sessionEnded(sessionId)
      return null
    },
  },

  revokeOtherSessions: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ derived }) {
      const { db, commits } = derived
      const { id, sessionId } = derived.requireAuth()
      await commits.run(() => deleteSessions(db, id, sessionId))

      derived.sessions.forget({ userId: id })
      derived.evictions.sessionsEnded(id, { except: sessionId })
      return null
    },
  },
}
