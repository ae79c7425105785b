import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { requireCategory } from "../permissions/places.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Identity } from "../permissions/standing.ts"
import { noSuchCategory, noSuchChannel } from "../permissions/wording.ts"

interface NamedPlace {
  serverId: string
  channelId?: string
  categoryId?: string
}

/**
 * Finds a channel or category whose overwrites the viewer may change: its own decide that, too, and which bits. Fails: 404, 403, 400 (a thread).
 */
export async function requirePlace(
  db: Db,
  viewer: Identity,
  { serverId, channelId, categoryId }: NamedPlace,
) {
  if (categoryId !== undefined) {
    await requireServer({ db }, viewer, serverId)
    const { category, standing } = await requireCategory({ db }, viewer, categoryId, "manageRoles")
    if (category.serverId !== serverId) throw new Refusal(noSuchCategory, 404)

    return { standing, kind: "category" as const, id: category.id, name: category.name }
  }
  if (channelId === undefined) throw new Refusal(noSuchChannel, 404)

  const { channel, standing } = await requireChannel({ db }, viewer, { serverId, channelId }, "manageRoles")
  if (standing.isThread) throw new Refusal("A thread has the permissions of its channel: change those", 400)
  return { standing, kind: "channel" as const, id: channel.id, name: channel.name }
}
