import type { ChangeSet } from "./change-set.ts"
import { revokeInvitesBy } from "./invites/store.ts"
import { type KeptMembership, keepMembership } from "./members/kept-membership.ts"
import { deleteMember, type Membership } from "./members/store.ts"
import { type Resource, resource } from "./permissions/resources.ts"

/**
 * Ends a membership with the user's live connections to the server and the invites they created, by which they could
 * come back. Returns what it takes to restore it; `undefined` when there was none: then only the invites are revoked.
 */
export async function endMembership(
  changes: ChangeSet,
  membership: Membership,
): Promise<KeptMembership | undefined> {
  const { serverId, userId } = membership
  const kept = await keepMembership(changes.tx, membership)
  if (kept) await deleteMember(changes, membership)
  const inviteCodes = await revokeInvitesBy(changes.tx, userId, new Date(), serverId)
  return kept && { ...kept, inviteCodes }
}

/** The resources that change when a membership ends. */
export function resourcesOfMembership({ serverId, userId }: Membership): Resource[] {
  return [resource.members(serverId), resource.servers(userId), resource.invites(serverId)]
}
