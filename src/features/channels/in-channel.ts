import type { Viewer } from "../accounts/sessions.ts"
import type { ChangeSet } from "../change-set.ts"
import type { PlaceAction } from "../permissions/can.ts"
import { requireChannel } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { ChannelAccess } from "../permissions/store.ts"
import type { Derived } from "../services.ts"

interface Doing {
  channelId: string
  action: PlaceAction
}

interface Allowed {
  viewer: Viewer
  access: ChannelAccess
}

/**
 * Writes to a channel in a commit, if the viewer may do the action. That is asked before, so that a refusal costs no commit,
 * and again in it, since their permissions may have changed. Fails: 401, 403, 404.
 */
export async function inChannel<Result>(
  derived: Derived,
  { channelId, action }: Doing,
  write: (changes: ChangeSet, allowed: Allowed) => Promise<Result>,
): Promise<Result> {
  const viewer = derived.requireAuth()
  await requireChannel(derived, viewer, channelId, action)
  return derived.publisher.decide(async (changes) => {
    const access = await requireChannel({ db: changes.tx }, viewer, channelId, action)
    return write(changes, { viewer, access })
  })
}

/** The resources that change with a channel. */
export function resourcesOf({ id, serverId }: { id: string; serverId: string }) {
  return [resource.channels(serverId), resource.channel(id), resource.auditLog(serverId)]
}
