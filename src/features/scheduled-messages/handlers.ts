import { Refusal } from "../../kernel/index.ts"
import { requireDueTime } from "../due-times.ts"
import { requireChannel } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { takeLater } from "../reminders/take-limit.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxScheduled, type scheduledMessagesContract } from "./contract.ts"
import { scheduledMessageDuty } from "./duty.ts"
import { sendScheduled } from "./send-scheduled.ts"
import {
  countUnsent,
  deleteScheduled,
  findScheduledRow,
  insertScheduled,
  listScheduled,
  updateScheduled,
} from "./store.ts"

const noSuchScheduled = "There is no such scheduled message"
const alreadySent = "This message was sent already"

export const scheduledMessagesHandlers: Procedures<typeof scheduledMessagesContract> = {
  scheduleMessage: {
    resources: ({ ctx }) => [resource.scheduled(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { id: userId } = derived.requireAuth()
      const { content, dueAt, replyTo = null, id = crypto.randomUUID() } = inputs
      const { channel } = await requireChannel(derived, { id: userId }, inputs.channelId, "send")
      requireDueTime(dueAt, new Date())
      await takeLater(derived, userId)

      const updatedAt = new Date()
      const row = { id, userId, channelId: channel.id, content, quotedId: replyTo, dueAt, updatedAt }
      const refusal = await derived.commits.decide(async (tx) => {
        if ((await countUnsent(tx, userId)) >= maxScheduled) return new Refusal(tooMany, 400)
        if (!(await insertScheduled(tx, row))) return new Refusal("Another message has this id already", 409)
      })
      if (refusal) throw refusal

      derived.workers.get(scheduledMessageDuty).ask()
      return { scheduledId: id }
    },
  },

  getScheduledMessages: {
    resources: ({ ctx }) => [resource.scheduled(ctx.viewer?.id)],
    procedure: ({ derived }) => listScheduled(derived.db, derived.requireAuth().id),
  },

  updateScheduledMessage: {
    resources: ({ ctx }) => [resource.scheduled(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { id: userId } = derived.requireAuth()
      const { scheduledId, ...changed } = inputs
      await requireUnsent(derived, userId, scheduledId)
      if (changed.dueAt) requireDueTime(changed.dueAt, new Date())
      await takeLater(derived, userId)

      const own = { userId, scheduledId }
      const isThere = await derived.commits.decide((tx) =>
        updateScheduled(tx, own, { ...changed, now: new Date() }),
      )
      if (!isThere) throw new Refusal(alreadySent, 409)
      derived.workers.get(scheduledMessageDuty).ask()
      return { scheduledId }
    },
  },

  cancelScheduledMessage: {
    resources: ({ ctx }) => [resource.scheduled(ctx.viewer?.id)],
    async procedure({ inputs: { scheduledId }, derived }) {
      const { id: userId } = derived.requireAuth()
      await requireUnsent(derived, userId, scheduledId)
      await takeLater(derived, userId)
      const isDeleted = await derived.commits.decide((tx) => deleteScheduled(tx, { userId, scheduledId }))
      if (!isDeleted) throw new Refusal(alreadySent, 409)
      return { scheduledId }
    },
  },

  sendScheduledMessage: {
    resources: ({ ctx, outputs }) => [
      resource.scheduled(ctx.viewer?.id),
      resource.messages(outputs.channelId),
    ],
    async procedure({ inputs, derived }) {
      const { id: userId } = derived.requireAuth()
      return sendScheduled(derived, await requireUnsent(derived, userId, inputs.scheduledId))
    },
  },
}

const tooMany = `You can have at most ${maxScheduled} scheduled messages. Send or cancel some first`

/** A message of the viewer that was not sent. Fails: 404, 409 (sent). */
async function requireUnsent({ db }: Derived, userId: string, id: string) {
  const found = await findScheduledRow(db, id)
  if (found?.scheduled.userId !== userId) throw new Refusal(noSuchScheduled, 404)
  if (found.scheduled.sentAt) throw new Refusal(alreadySent, 409)

  return found
}
