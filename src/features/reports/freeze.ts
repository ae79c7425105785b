import type { Db } from "../../db/database.ts"
import { textsOf } from "../message-fields.ts"
import type { Message } from "../messages/contract.ts"
import { listAfter, listBefore } from "../messages/store.ts"
import { contextSize, type FrozenMessage } from "./contract.ts"

/** A message with those around it, as they are now, oldest first. */
export async function freeze(db: Db, message: Message): Promise<FrozenMessage[]> {
  const { channelId, position } = message
  const before = await listBefore(db, channelId, position, contextSize)
  const after = await listAfter(db, channelId, position, contextSize)
  return [...before, message, ...after].map(frozen)
}

function frozen({ id, userId, username, content, extras, ...message }: Message): FrozenMessage {
  return {
    id,
    userId,
    username: extras?.bot?.name ?? username,
    content,
    attached: textsOf(extras),
    createdAt: message.createdAt,
    isEdited: message.editedAt !== null,
    isDeleted: message.deletedAt !== null,
  }
}
