import type { ProcedureRefuse } from "../../kernel/index.ts"
import type { Derived } from "../services.ts"
import { findChannelSeenBy, type SeenChannel } from "./store.ts"

/** A channel the viewer may read. Fails: 401, 403 (not a member), 404. */
export async function requireChannel(
  derived: Derived,
  channelId: string,
  error: ProcedureRefuse,
): Promise<SeenChannel> {
  const viewer = derived.requireAuth()
  const channel = await findChannelSeenBy(derived.db, viewer.id, channelId)
  if (!channel) return error("There is no such channel", 404)

  return channel.isMember ? channel : error("You are not a member of this server", 403)
}

/** A channel the viewer may rename and delete. Fails: 401, 403, 404. */
export async function requireOwnChannel(derived: Derived, channelId: string, error: ProcedureRefuse) {
  const channel = await requireChannel(derived, channelId, error)
  const isOwner = channel.ownerId === derived.requireAuth().id
  return isOwner ? channel : error("Only the server's owner may do this", 403)
}
