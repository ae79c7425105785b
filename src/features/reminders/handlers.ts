import { Refusal } from "../../kernel/index.ts"
import { requireDueTime } from "../due-times.ts"
import { findMessage } from "../messages/store.ts"
import { requireMessage } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { messageDeleted } from "../permissions/wording.ts"
import type { Procedures } from "../services.ts"
import { maxReminders, type remindersContract } from "./contract.ts"
import { reminderDuty } from "./duty.ts"
import { countReminders, deleteReminder, insertReminder, listReminders, updateReminder } from "./store.ts"
import { takeLater } from "./take-limit.ts"

const noSuchReminder = "There is no such reminder. It may have come already"

export const remindersHandlers: Procedures<typeof remindersContract> = {
  createReminder: {
    resources: ({ ctx }) => [resource.reminders(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { commits, workers } = derived
      const viewer = derived.requireAuth()
      const { message } = await requireMessage(derived, viewer, inputs.messageId, "readHistory")
      const { dueAt, note = "" } = inputs
      requireDueTime(dueAt, new Date())
      await takeLater(derived, viewer.id)

      const row = { id: crypto.randomUUID(), userId: viewer.id, dueAt, note }
      const refusal = await commits.decide(async (tx) => {
        const stored = await findMessage(tx, message.id)
        if (!stored || stored.deletedAt) return new Refusal(messageDeleted, 410)
        if ((await countReminders(tx, viewer.id)) >= maxReminders) return new Refusal(tooMany, 400)
        await insertReminder(tx, { ...row, messageId: stored.id, channelId: stored.channelId })
      })
      if (refusal) throw refusal

      workers.get(reminderDuty).ask()
      return { reminderId: row.id }
    },
  },

  getReminders: {
    resources: ({ ctx }) => [resource.reminders(ctx.viewer?.id)],
    procedure: ({ derived }) => listReminders(derived.db, derived.requireAuth().id),
  },

  updateReminder: {
    resources: ({ ctx }) => [resource.reminders(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { id: userId } = derived.requireAuth()
      const { reminderId, ...changed } = inputs
      if (changed.dueAt) requireDueTime(changed.dueAt, new Date())
      await takeLater(derived, userId)

      const isThere = await derived.commits.decide((tx) =>
        updateReminder(tx, { userId, reminderId }, changed),
      )
      if (!isThere) error(noSuchReminder, 404)
      derived.workers.get(reminderDuty).ask()
      return { reminderId }
    },
  },

  deleteReminder: {
    resources: ({ ctx }) => [resource.reminders(ctx.viewer?.id)],
    async procedure({ inputs: { reminderId }, derived, error }) {
      const { id: userId } = derived.requireAuth()
      await takeLater(derived, userId)
      const isThere = await derived.commits.decide((tx) => deleteReminder(tx, { userId, reminderId }))
      return isThere ? { reminderId } : error(noSuchReminder, 404)
    },
  },
}

const tooMany = `You can have at most ${maxReminders} reminders. Remove some first`
