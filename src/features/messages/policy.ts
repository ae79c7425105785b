import type { ProcedureRefuse } from "../../kernel/index.ts"
import { findMember } from "../members/store.ts"
import type { Derived } from "../services.ts"
import type { Message } from "./contract.ts"
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

  return { message, ...standingOf(message, member) }
}

interface Member {
  userId: string
  ownerId: string
  kind: "server" | "direct"
  pair: string | null
}

/** What someone in a message's server is to it. */
export function standingOf(message: Message, { userId, ownerId, kind, pair }: Member) {
  const isOwner = ownerId === userId
  return {
    isAuthor: message.userId === userId,
    isOwner,
    /** In a conversation between a few people nobody is above the others. */
    pair,
    mayPin: isOwner || kind === "direct",
  }
}

/** What a person's messages are counted by: each channel for itself. */
export function messageKey(userId: string, channelId: string): string {
  return `${userId} ${channelId}`
}
