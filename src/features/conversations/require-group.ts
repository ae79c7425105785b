import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Identity } from "../permissions/standing.ts"
import type { Conversation } from "./contract.ts"
import { findConversation } from "./store.ts"

/** A group that the viewer is in. Fails: 404, also for a conversation of two, which nobody joins, names or leaves. */
export async function requireGroup(
  { db }: { db: Db },
  viewer: Identity,
  conversationId: string,
): Promise<Conversation> {
  const group = await findConversation(db, viewer.id, conversationId)
  if (!group?.isGroup) throw new Refusal("There is no such group", 404)

  return group
}
