import { findMember } from "../members/store.ts"
import { requireViewer, type Site, Unshown, type Visit } from "../site.ts"
import { standingOf } from "./policy.ts"
import { findMessage } from "./store.ts"

export type OfMessage = Visit & { params: { messageId: string } }

/** A message for a page about it. Throws `Unshown`: 401, 404 (also for those who may not know of it). */
export async function requireMessage(site: Site, visit: OfMessage) {
  const viewer = await requireViewer(site, visit)
  const message = await findMessage(site.db, visit.params.messageId)
  const member = message && (await findMember(site.db, message.serverId, viewer.id))
  if (!member) throw new Unshown(404, "There is no such message")

  return { viewer, message, ...standingOf(message, member) }
}
