import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { findMember } from "../members/store.ts"
import type { Services } from "../services.ts"
import { findServer } from "./store.ts"

/** A server for a page of it. Fails: 404 (no such server), 403 (not a member). */
export async function requireServer({ db }: Services, viewer: Viewer, serverId: string) {
  const server = await findServer(db, serverId)
  if (!server) throw new Refusal("There is no such server", 404)
  if (!(await findMember(db, serverId, viewer.id))) {
    throw new Refusal("You are not a member of this server. Ask someone in it for an invite", 403)
  }

  return { server, isOwner: server.ownerId === viewer.id }
}

/** A server for a page of its owner's. Fails: 404, 403 (not the owner). */
export async function requireOwnServer(...[services, viewer, serverId]: Parameters<typeof requireServer>) {
  const { server, isOwner } = await requireServer(services, viewer, serverId)
  if (!isOwner) throw new Refusal("Only the server's owner may do this", 403)

  return { server }
}
