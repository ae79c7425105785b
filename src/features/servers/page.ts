import type { Viewer } from "../accounts/sessions.ts"
import { findMember } from "../members/store.ts"
import { type Site, Unshown } from "../site.ts"
import { findServer } from "./store.ts"

/** A server for a page of it. Throws `Unshown`: 404 (no such server), 403 (not a member). */
export async function requireServer({ db }: Site, viewer: Viewer, serverId: string) {
  const server = await findServer(db, serverId)
  if (!server) throw new Unshown(404, "There is no such server")
  if (!(await findMember(db, serverId, viewer.id))) {
    throw new Unshown(403, "You are not a member of this server. Ask someone in it for an invite")
  }

  return { server, isOwner: server.ownerId === viewer.id }
}

/** A server for a page of its owner's. Throws `Unshown`: 404, 403 (not the owner). */
export async function requireOwnServer(...[site, viewer, serverId]: Parameters<typeof requireServer>) {
  const { server, isOwner } = await requireServer(site, viewer, serverId)
  if (!isOwner) throw new Unshown(403, "Only the server's owner may do this")

  return { server }
}
