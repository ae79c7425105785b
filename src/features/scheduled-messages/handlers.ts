import { Refusal } from "../../kernel/index.ts"
import { requireDueTime } from "../due-times.ts"
import { fileSweeper } from "../files/sweeper.ts"
import { contentRequired } from "../messages/contract.ts"
import { isVisible } from "../names.ts"
import { requireChannel } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { takeLater } from "../reminders/take-limit.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxScheduled, type scheduledMessagesContract } from "./contract.ts"
import { scheduledMessageDuty } from "./duty.ts"
import { listScheduledFiles, setScheduledFiles } from "./files.ts"
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
      const { content, dueAt, replyTo = null, id = crypto.randomUUID(), files = [] } = inputs
      const needed = files.length > 0 ? "attachFiles" : "send"
      const { channel } = await requireChannel(derived, { id: userId }, inputs.channelId, needed)
      requireDueTime(dueAt, new Date())
      await takeLater(derived, userId)

      const updatedAt = new Date()
      const row = { id, userId, channelId: channel.id, content, quotedId: replyTo, dueAt, updatedAt }
      const refusal = await derived.commits.decide(async (tx) => {
        if ((await countUnsent(tx, userId)) >= maxScheduled) return new Refusal(tooMany, 400)
        if (!(await insertScheduled(tx, row))) return new Refusal("Another message has this id already", 409)
        if (files.length > 0) await setScheduledFiles(tx, row, files)
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
      const { scheduledId, files, ...changed } = inputs
      const { scheduled, fileIds } = await requireUnsent(derived, userId, scheduledId)
      if (files?.some((id) => !fileIds.includes(id)))
        await requireChannel(derived, { id: userId }, scheduled.channelId, "attachFiles")
      if (changed.dueAt) requireDueTime(changed.dueAt, new Date())
      await takeLater(derived, userId)

      const own = { userId, scheduledId }
      const removed = await derived.commits.decide(async (tx) => {
        const updated = await updateScheduled(tx, own, { ...changed, now: new Date() })
        if (!updated) throw new Refusal(alreadySent, 409)
        const keys = files ? await setScheduledFiles(tx, updated, files) : []
        const isEmpty =
          !isVisible(updated.content) && (await listScheduledFiles(tx, scheduledId)).length === 0
        if (isEmpty) throw nothingToSend()
        return keys
      })
      derived.workers.get(fileSweeper).deleteLater(removed)
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
      const keys = await derived.commits.decide((tx) => deleteScheduled(tx, { userId, scheduledId }))
      if (!keys) throw new Refusal(alreadySent, 409)
      derived.workers.get(fileSweeper).deleteLater(keys)
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

function nothingToSend(): Refusal {
  const issue = { path: "content", message: contentRequired }
  return new Refusal(contentRequired, 400, { issues: [issue] })
}

const tooMany = `You can have at most ${maxScheduled} scheduled messages. Send or cancel some first`

/** A message of the viewer that was not sent. Fails: 404, 409 (sent). */
async function requireUnsent({ db }: Derived, userId: string, id: string) {
  const found = await findScheduledRow(db, id)
  if (found?.scheduled.userId !== userId) throw new Refusal(noSuchScheduled, 404)
  if (found.scheduled.sentAt) throw new Refusal(alreadySent, 409)

  return found
}
