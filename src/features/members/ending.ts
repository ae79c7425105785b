import type { Tx } from "../../db/database.ts"
import { revokeInvitesBy } from "../invites/store.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import type { Derived } from "../services.ts"
import { deleteMember, type Membership } from "./store.ts"

/**
 * Ends a membership with the user's live connections to the server and the invites they created, by which they could
 * come back. `alsoWrite` runs in the same commit.
 */
export async function endMembership(
  { publisher }: Pick<Derived, "publisher">,
  membership: Membership,
  alsoWrite: (tx: Tx) => Promise<void> = async () => {},
): Promise<void> {
  await publisher.decide(async (changes) => {
    const { serverId, userId } = membership
    await deleteMember(changes, membership)
    await revokeInvitesBy(changes.tx, userId, new Date(), serverId)
    await alsoWrite(changes.tx)
  })
}

/** The resources that change when a membership ends. */
export function resourcesOfMembership({ serverId, userId }: Membership): Resource[] {
  return [resource.members(serverId), resource.servers(userId), resource.invites(serverId)]
}
