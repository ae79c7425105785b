import type { Db } from "../../db/database.ts"
import { maxPreviewed, previewDays, type RetentionPreview } from "./contract.ts"
import { countExpired, countExpiredFiles, cutoffOf } from "./expired.ts"
import { type Days, listInChannel, listInServer, type RetainedChannel } from "./store.ts"

const dayMs = 86_400_000

/** What is deleted in a server whose channels do as it says, except those that say something themselves. */
export async function previewServer(
  db: Db,
  { serverId, days, now }: { serverId: string; days: Days; now: Date },
): Promise<RetentionPreview> {
  const channels = await listInServer(db, serverId)
  const affected = channels.map(({ id, firstAt, messageDays, fileDays }) => ({
    ...{ id, firstAt },
    messageDays: messageDays === null ? days.messageDays : null,
    fileDays: fileDays === null ? days.fileDays : null,
  }))
  return previewOf(db, affected, now)
}

/** What is deleted in a channel and its threads. */
export async function previewChannel(
  db: Db,
  { channelId, days, now }: { channelId: string; days: Days; now: Date },
): Promise<RetentionPreview> {
  const channels = await listInChannel(db, channelId)
  return previewOf(
    db,
    channels.map((channel) => ({ ...channel, ...days })),
    now,
  )
}

type Affected = RetainedChannel & { firstAt: number | null }

async function previewOf(db: Db, channels: Affected[], now: Date): Promise<RetentionPreview> {
  const soon = new Date(now.getTime() + previewDays * dayMs)
  const sums = { messages: { now: 0, later: 0 }, files: { now: 0, later: 0 } }
  for (const { id: channelId, firstAt, messageDays, fileDays } of channels) {
    const last = cutoffOf(Math.min(messageDays || fileDays || 0, fileDays || messageDays || 0), soon)
    // A file is uploaded at most a day before it is sent.
    if (!last || firstAt === null || firstAt > last.getTime() + dayMs) continue
    for (const [when, at] of [
      ["now", now],
      ["later", soon],
    ] as const) {
      const [messageCutoff, fileCutoff] = [cutoffOf(messageDays, at), cutoffOf(fileDays, at)]
      const max = maxPreviewed - sums.messages[when]
      if (messageCutoff && max > 0)
        sums.messages[when] += await countExpired(db, { channelId, cutoff: messageCutoff, max })
      if (fileCutoff) sums.files[when] += await countExpiredFiles(db, channelId, fileCutoff)
    }
  }
  const { messages, files } = sums
  const isAtLeast = messages.later >= maxPreviewed
  return {
    messages: split(Math.min(messages.now, maxPreviewed), Math.min(messages.later, maxPreviewed)),
    files: split(files.now, files.later),
    isAtLeast,
  }
}

/** What goes now, and what goes later without what goes now. */
function split(now: number, later: number) {
  return { now, soon: later - now }
}
