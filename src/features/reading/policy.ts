import type { ChannelRefuse } from "../../kernel/index.ts"
import { findMember } from "../members/store.ts"
import type { ConnectionContext } from "../messages/contract.ts"
import { findServer } from "../servers/store.ts"
import type { Derived } from "../services.ts"

interface Arguments {
  params: { serverId: string }
  derived: Derived
  reject: ChannelRefuse
}

/** Lets members hear what is new in their server. Fails: 401, 403 (not a member), 404 (no such server). */
export async function connectToServer({ params, derived, reject }: Arguments): Promise<ConnectionContext> {
  const viewer = derived.requireAuth()
  if (await findMember(derived.db, params.serverId, viewer.id)) {
    return { userId: viewer.id, username: viewer.username, sessionId: viewer.sessionId }
  }

  const server = await findServer(derived.db, params.serverId)
  return server ? reject("You are not a member of this server", 403) : reject("There is no such server", 404)
}
