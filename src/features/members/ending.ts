import { listChannelIds } from "../channels/store.ts"
import { revokeInvitesBy } from "../invites/store.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import type { Derived } from "../services.ts"
import { deleteMember } from "./store.ts"

interface Membership {
  serverId: string
  userId: string
}

/**
 * Ends a membership and, at once, what hangs on it: the person's live connections to the server, and the invites
 * they made, by which they or whoever they gave them to could come back in. `also` is done in the same commit.
 */
export async function endMembership(
  { db, commits, evictions }: Derived,
  { serverId, userId }: Membership,
  also: () => void = () => {},
): Promise<void> {
  const channelIds = await listChannelIds(db, serverId)
  await commits.run(() => {
    deleteMember(db, serverId, userId)
    revokeInvitesBy(db, userId, new Date(), serverId)
    also()
  })
  evictions.memberRemoved(serverId, channelIds, userId)
}

/** What changes when a membership ends. */
export function resourcesOfMembership({ serverId, userId }: Membership): Resource[] {
  return [resource.members(serverId), resource.servers(userId), resource.invites(serverId)]
}
