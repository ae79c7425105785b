import { shownName } from "../../../views/people.ts"
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

function frozen(reported: Message): FrozenMessage {
  const { id, userId, content, extras, ...message } = reported
  return {
    id,
    userId,
    username: extras?.bot?.name ?? shownName(reported),
    content,
    attached: textsOf(extras),
    createdAt: message.createdAt,
    isEdited: message.editedAt !== null,
    isDeleted: message.deletedAt !== null,
  }
}
