import type { ProcedureRefuse } from "../../kernel/index.ts"
import type { Derived } from "../derived.ts"
import { findMember } from "../members/store.ts"
import { findMessage } from "./store.ts"

/**
 * A message in a server the viewer is a member of, and what they are to it. Fails: 401, 404; outsiders get the
 * 404 of a message that is not there, since the id alone must tell them nothing.
 */
export async function requireMessage(derived: Derived, messageId: string, error: ProcedureRefuse) {
  const viewer = derived.requireAuth()
  const message = await findMessage(derived.db, messageId)
  const member = message && (await findMember(derived.db, message.serverId, viewer.id))
  if (!member) return error("There is no such message", 404)

  return { message, isAuthor: message.userId === viewer.id, isOwner: member.ownerId === viewer.id }
}

/** What a person's messages are counted by: each channel for itself. */
export function messageKey(userId: string, channelId: string): string {
  return `${userId} ${channelId}`
}
