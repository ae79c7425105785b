import type { Db } from "../../db/database.ts"
import { listReadableChannels } from "../permissions/store.ts"
import type { StatusMessage } from "./contract.ts"
import type { StatusChange } from "./presence.ts"

interface Dependencies {
  db: Db
  server: {
    postChannelMessage(
      channel: "presence",
      params: { channelId: string },
      data: StatusMessage,
    ): Promise<unknown>
  }
  /** Whether anybody reads the presence of a channel: a change concerns all channels of a person's servers. */
  hasReaders(channelId: string): boolean
}

/** Announces changes of status in each channel of the servers that the people are members of. */
export async function announceStatuses(
  { db, server, hasReaders }: Dependencies,
  changes: StatusChange[],
): Promise<void> {
  const userIds = changes.map(({ userId }) => userId)
  const channelIds = await listReadableChannels(db, userIds)
  for (const change of changes) {
    for (const channelId of channelIds.get(change.userId) ?? []) {
      if (hasReaders(channelId)) await server.postChannelMessage("presence", { channelId }, change)
    }
  }
}
