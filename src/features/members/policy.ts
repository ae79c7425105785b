import type { ProcedureRefuse } from "../../kernel/index.ts"
import { findServer } from "../servers/store.ts"
import type { Derived } from "../services.ts"
import { findMember } from "./store.ts"

/** The viewer as a member of that server. Fails: 401, 403. */
export async function requireMember(derived: Derived, serverId: string, error: ProcedureRefuse) {
  const viewer = derived.requireAuth()
  const member = await findMember(derived.db, serverId, viewer.id)
  return member ?? error("You are not a member of this server", 403)
}

/** As `requireMember`, of a server and not of a conversation. Fails: 401, 403, 404 (a conversation). */
export async function requireServerMember(derived: Derived, serverId: string, error: ProcedureRefuse) {
  const member = await requireMember(derived, serverId, error)
  return member.kind === "direct" ? error("There is no such server", 404) : member
}

/** The viewer as the owner of that server. Fails: 401, 403, 404 (no such server). */
export async function requireOwner(derived: Derived, serverId: string, error: ProcedureRefuse) {
  const viewer = derived.requireAuth()
  const member = await findMember(derived.db, serverId, viewer.id)
  if (member?.ownerId === viewer.id) return member

  const server = await findServer(derived.db, serverId)
  return server ? error("Only the server's owner may do this", 403) : error("There is no such server", 404)
}
