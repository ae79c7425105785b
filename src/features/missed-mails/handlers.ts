import { mailer } from "../email-addresses/mailer.ts"
import { findAddress } from "../email-addresses/store.ts"
import { resource } from "../permissions/resources.ts"
import { takeLater } from "../reminders/take-limit.ts"
import type { Procedures } from "../services.ts"
import { tokenHash } from "../token-hash.ts"
import type { missedMailsContract } from "./contract.ts"
import { findMailSettings, updateMails } from "./store.ts"
import { unsubscribeToken } from "./unsubscribing.ts"

export const missedMailsHandlers: Procedures<typeof missedMailsContract> = {
  getMissedMails: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ derived }) {
      const { db, workers } = derived
      const { id } = derived.requireAuth()
      const mails = (await findMailSettings(db, id))?.mails ?? "never"
      const address = (await findAddress(db, id)) ?? null
      return { mails, address, isOffered: workers.get(mailer).isOffered }
    },
  },

  setMissedMails: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ inputs: { mails }, derived, error }) {
      const { commits, config, workers } = derived
      const { id } = derived.requireAuth()
      const isOn = mails === "missed"
      if (isOn && !workers.get(mailer).isOffered) error("This chat sends no e-mail", 403)
      await takeLater(derived, id)

      const unsubscribeHash = isOn ? tokenHash(unsubscribeToken(config, id)) : null
      const isStored = await commits.decide(async (tx) => {
        if (isOn && (await findAddress(tx, id)) === undefined) return false
        await updateMails(tx, id, { mails, unsubscribeHash })
        return true
      })
      return isStored ? null : error("Add an e-mail address to your account first, and confirm it", 409)
    },
  },
}
