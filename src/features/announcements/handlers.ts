import { Refusal } from "../../kernel/index.ts"
import { administer } from "../administration/administer.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { findInstance, updateInstance } from "../instance/store.ts"
import type { Procedures } from "../services.ts"
import type { announcementsContract } from "./contract.ts"
import { dismiss, findAnnouncementId } from "./store.ts"

const noAnnouncement = "There is no such announcement any more"

export const announcementsHandlers: Procedures<typeof announcementsContract> = {
  announce: {
    async procedure({ inputs: { text }, derived }) {
      const id = crypto.randomUUID()
      await administer(derived, async ({ tx }, actor) => {
        const { registration } = await findInstance(tx, derived.config)
        await updateInstance(tx, { registration, announcement: text, announcementId: id })
        const changes = { announcement: { after: text } }
        await recordInstanceAct(tx, { actor, action: "instance.announce", changes })
      })
      await derived.look.changed()
      return { id }
    },
  },
  clearAnnouncement: {
    async procedure({ derived }) {
      await administer(derived, async ({ tx }, actor) => {
        if ((await findAnnouncementId(tx)) === null) throw new Refusal(noAnnouncement, 404)
        const { registration } = await findInstance(tx, derived.config)
        await updateInstance(tx, { registration, announcement: "", announcementId: null })
        await recordInstanceAct(tx, { actor, action: "instance.announceEnd" })
      })
      await derived.look.changed()
      return null
    },
  },
  getAnnouncement: {
    async procedure({ derived }) {
      const { dismissedAnnouncement } = derived.requireAuth()
      const { announcement } = derived.look.current
      return announcement && { ...announcement, isDismissed: announcement.id === dismissedAnnouncement }
    },
  },
  dismissAnnouncement: {
    async procedure({ inputs: { id }, derived, error }) {
      const viewer = derived.requireAuth()
      const isCurrent = await derived.commits.decide(async (tx) => {
        if ((await findAnnouncementId(tx)) !== id) return false
        await dismiss(tx, viewer.id, id)
        return true
      })
      if (!isCurrent) error(noAnnouncement, 404)
      // What they have dismissed is cached with their session.
      derived.sessions.forget({ userId: viewer.id })
      return null
    },
  },
}
