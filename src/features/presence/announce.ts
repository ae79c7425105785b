import type { Db } from "../../db/database.ts"
import { listReadableChannels } from "../permissions/store.ts"
import type { StatusMessage } from "./contract.ts"
import type { StatusChange } from "./presence.ts"

/** A room with pages, which is shown its members' statuses. */
interface ShownRoom {
  /** The listed channel whose viewers it lists. */
  readonly rootId: string
  showStatuses(changes: StatusChange[]): void
}

interface Dependencies {
  db: Db
  /** The rooms with pages in this process. */
  rooms: Iterable<ShownRoom>
  server: {
    postChannelMessage(
      channel: "presence",
      params: { channelId: string },
      data: StatusMessage,
    ): Promise<unknown>
  }
  /** Whether a program reads the presence of a channel: a change concerns all channels of a person's servers. */
  hasPrograms(channelId: string): boolean
}

/**
 * Announces changes of status in each channel that the people may view. Pages are told directly: after a restart thousands
 * come back, and a message of the contract for each took a tenth of the time of their connections.
 */
export async function announceStatuses(
  { db, rooms, server, hasPrograms }: Dependencies,
  changes: StatusChange[],
): Promise<void> {
  const userIds = changes.map(({ userId }) => userId)
  const channelIds = await listReadableChannels(db, userIds)
  const roomsOf = Map.groupBy(rooms, ({ rootId }) => rootId)
  const changesIn = new Map<string, StatusChange[]>()
  for (const change of changes) {
    for (const channelId of channelIds.get(change.userId) ?? []) {
      const changed = changesIn.get(channelId)
      if (changed) changed.push(change)
      else changesIn.set(channelId, [change])
    }
  }
  for (const [channelId, changed] of changesIn) {
    for (const room of roomsOf.get(channelId) ?? []) room.showStatuses(changed)
    if (!hasPrograms(channelId)) continue
    for (const change of changed) await server.postChannelMessage("presence", { channelId }, change)
  }
}
