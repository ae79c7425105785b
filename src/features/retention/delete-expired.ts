import { and, eq, lt } from "drizzle-orm"
import { files } from "../../../drizzle/schema.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Sweeper } from "../files/sweeper.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { updateExtras } from "../messages/store.ts"
import { deleteMessage } from "../messages/write.ts"
import { cutoffOf, filterExpired } from "./expired.ts"
import { findAppliedDays } from "./store.ts"

// These run in a commit of the channel's log. They look again at what applies: it may have been changed, and messages may
// have been pinned, since the messages were found.

interface Batch {
  channelId: string
  ids: string[]
  now: Date
}

/** Deletes messages of a channel that are older than it keeps messages. Returns how many. */
export async function deleteExpiredMessages(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  { channelId, ids, now }: Batch,
): Promise<number> {
  const cutoff = cutoffOf((await findAppliedDays(changes.tx, channelId))?.messageDays ?? null, now)
  if (!cutoff) return 0

  const expired = await filterExpired(changes.tx, ids, cutoff)
  for (const id of expired) await deleteMessage(changes, hooks, id)
  return expired.length
}

/** Deletes the files of messages of a channel that are older than it keeps files. Returns how many. */
export async function deleteExpiredFiles(
  changes: ChangeSet,
  sweeper: Pick<Sweeper, "deleteLater">,
  { channelId, ids, now }: Batch,
): Promise<number> {
  const { tx } = changes
  const cutoff = cutoffOf((await findAppliedDays(tx, channelId))?.fileDays ?? null, now)
  if (!cutoff) return 0

  const keys: string[] = []
  for (const messageId of ids) {
    await updateExtras(changes, messageId, async (extras) => {
      if (extras.pinned) return extras

      const gone = await tx
        .delete(files)
        .where(and(eq(files.messageId, messageId), lt(files.createdAt, cutoff)))
        .returning({ id: files.id, key: files.key })
        .all()
      if (gone.length === 0) return extras

      keys.push(...gone.map(({ key }) => key))
      const goneIds = new Set(gone.map(({ id }) => id))
      const attachments = extras.attachments?.filter(({ id }) => !goneIds.has(id))
      const expiredFiles = (extras.expiredFiles ?? 0) + gone.length
      return { ...extras, attachments: attachments?.length ? attachments : undefined, expiredFiles }
    })
  }
  changes.afterDeletion(() => sweeper.deleteLater(keys))
  return keys.length
}
