import type { MessagePart } from "../messages/parts.ts"
import { resolveNames } from "./resolve.ts"
import { deleteMentions, replaceMentions } from "./store.ts"

/** Who is mentioned is decided when a message is sent, and again when it is edited. */
export const mentionsPart: MessagePart = {
  compose(db, { serverId, userId, content }) {
    return resolveNames(db, serverId, userId, content)
  },

  sent(db, message) {
    const mentioned = othersIn(message)
    if (mentioned.length > 0) replaceMentions(db, message, mentioned)
  },

  edited(db, before, content) {
    const named = resolveNames(db, before.serverId, before.userId, content)
    const mentioned = othersIn({ ...before, extras: named ?? null })
    if (before.extras?.mentions || mentioned.length > 0) replaceMentions(db, before, mentioned)
    return { mentions: named?.mentions, channels: named?.channels }
  },

  deleted(db, before) {
    if (before.extras?.mentions) deleteMentions(db, before.id)
  },
}

/** Nobody has to be told that they named themselves. */
function othersIn({
  userId: authorId,
  extras,
}: Parameters<NonNullable<MessagePart["deleted"]>>[1]): string[] {
  return (extras?.mentions ?? []).map(({ userId }) => userId).filter((userId) => userId !== authorId)
}
