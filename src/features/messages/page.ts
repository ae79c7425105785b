import { Refusal } from "../../kernel/index.ts"
import { findMember } from "../members/store.ts"
import type { Services } from "../services.ts"
import { requireViewer, type Visit } from "../visit.ts"
import { standingOf } from "./policy.ts"
import { findMessage } from "./store.ts"

export type OfMessage = Visit & { params: { messageId: string } }

/** A message for a page about it. Fails: 401, 404 (also for those who may not know of it). */
export async function requireMessage(services: Services, visit: OfMessage) {
  const viewer = await requireViewer(services, visit)
  const message = await findMessage(services.db, visit.params.messageId)
  const member = message && (await findMember(services.db, message.serverId, viewer.id))
  if (!member) throw new Refusal("There is no such message", 404)

  return { viewer, message, ...standingOf(message, member) }
}
