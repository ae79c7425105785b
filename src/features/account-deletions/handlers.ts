import { expiredCookies } from "../accounts/expired-cookies.ts"
import { setCookies } from "../accounts/new-session.ts"
import { confirmPassword } from "../accounts/passwords.ts"
import { findPasswordHash } from "../accounts/store.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { listServers } from "../servers/store.ts"
import type { Procedures } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import { type accountDeletionsContract, deletionDays } from "./contract.ts"
import { deletionDuty } from "./duty.ts"
import { assertMayLeave, endAccount } from "./end-account.ts"
import { deleteDeletion, findDeletion, upsertDeletion } from "./store.ts"

const dayMs = 86_400_000

export const accountDeletionsHandlers: Procedures<typeof accountDeletionsContract> = {
  getAccountDeletion: {
    resources: ({ ctx }) => own(ctx.viewer?.id),
    async procedure({ derived }) {
      return (await findDeletion(derived.db, derived.requireAuth().id)) ?? null
    },
  },

  scheduleAccountDeletion: {
    resources: ({ ctx }) => own(ctx.viewer?.id),
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db, publisher, sessions, server, workers } = derived
      const viewer = derived.requireAuth()
      const { id } = viewer
      const { messages, password = "", days = deletionDays } = inputs
      const hash =
        (await findPasswordHash(db, id)) === undefined
          ? await requireRecentConfirmation(derived, viewer)
          : await confirmPassword({ ctx, derived, setHeader, error, password, field: "password" })

      const joined = await listServers(db, id)
      const now = new Date()
      const deletion = { messages, dueAt: new Date(now.getTime() + days * dayMs) }
      const isScheduled = await publisher.decide(async (changes) => {
        if ((await findPasswordHash(changes.tx, id)) !== hash) return false
        await assertMayLeave(changes, id)
        await upsertDeletion(changes.tx, id, deletion)
        // What it wrote is deleted in the background.
        if (days === 0) await endAccount(changes, id, now)
        return true
      })
      if (!isScheduled) error("Your password was changed meanwhile. Log in again", 409)

      // The date is cached with the session.
      sessions.forget({ userId: id })
      if (days === 0) {
        setCookies(setHeader, await expiredCookies(derived, request.headers))
        await server.updateResources(joined.map((each) => resource.members(each.id)))
      }
      await workers.get(deletionDuty).schedule()
      return deletion
    },
  },

  cancelAccountDeletion: {
    resources: ({ ctx }) => own(ctx.viewer?.id),
    async procedure({ derived }) {
      const { id } = derived.requireAuth()
      await derived.publisher.decide(({ tx }) => deleteDeletion(tx, id))
      derived.sessions.forget({ userId: id })
      return null
    },
  },
}

function own(userId: string | undefined): Resource[] {
  return [resource.account(userId)]
}
