import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import type { sessionsContract } from "./contract.ts"
import { endSession, endSessions, listSessions } from "./store.ts"

export const sessionsHandlers: Procedures<typeof sessionsContract> = {
  getSessions: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ derived }) {
      const viewer = derived.requireAuth()
      const sessions = await listSessions(derived.db, viewer.id, new Date())

      return sessions.map((session) => ({
        ...session,
        // better-auth stores unknown values as empty strings.
        userAgent: session.userAgent || null,
        ipAddress: session.ipAddress || null,
        isCurrent: session.id === viewer.sessionId,
      }))
    },
  },

  revokeSession: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { id } = derived.requireAuth()
      const isEnded = await derived.publisher.decide((changes) => endSession(changes, id, inputs.sessionId))
      return isEnded ? null : error("There is no such session", 404)
    },
  },

  revokeOtherSessions: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ derived }) {
      const { id, sessionId } = derived.requireAuth()
      await derived.publisher.decide((changes) => endSessions(changes, { userId: id, except: sessionId }))
      return null
    },
  },
}
