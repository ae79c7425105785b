import type { Db } from "../../db/database.ts"
import {
  account,
  forever,
  type LevelChoice,
  levelsIn,
  type NotifiedPlace,
  nowhere,
} from "../notification-levels/levels.ts"
import { levelsFor } from "../notification-levels/levels-for.ts"
import { findCategoryOf } from "../notification-levels/store.ts"
import { requireCategoryOfMember } from "../permissions/places.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Identity } from "../permissions/standing.ts"
import type { PlaceInput, PlaceLevels } from "./contract.ts"

/** A place with notification levels of its own. */
export interface ChoosablePlace {
  kind: PlaceLevels["place"]
  /** As in `notification_levels`. */
  id: string
  name: string
  around: PlaceLevels["around"]
  /** A message that were there. */
  at: NotifiedPlace
}

/** Finds a place that the viewer may see. Fails: 403, 404. */
export async function requireNotifiedPlace(
  source: { db: Db },
  viewer: Identity,
  { serverId, categoryId, channelId }: PlaceInput,
): Promise<ChoosablePlace> {
  if (channelId !== undefined) return requireChannelPlace(source, viewer, channelId)
  if (categoryId !== undefined) {
    const { category } = await requireCategoryOfMember(source, viewer, categoryId)
    const at = { ...nowhere, serverId: category.serverId, categoryId }
    return { kind: "category", id: categoryId, name: category.name, around: "server", at }
  }
  if (serverId !== undefined) {
    const { server } = await requireServer(source, viewer, serverId)
    const at = { ...nowhere, serverId }
    return { kind: "server", id: serverId, name: server.name, around: "account", at }
  }
  return { kind: "account", id: account, name: "Your account", around: null, at: nowhere }
}

async function requireChannelPlace(
  source: { db: Db },
  viewer: Identity,
  channelId: string,
): Promise<ChoosablePlace> {
  const { channel } = await requireChannel(source, viewer, channelId)
  const { id, name, serverId, isConversation } = channel
  const isThread = channel.parentId !== null
  const categoryId = isThread ? await findCategoryOf(source.db, channel.rootId) : channel.categoryId
  const inServer = categoryId === null ? "server" : "category"
  return {
    kind: isThread ? "thread" : "channel",
    id,
    name,
    around: isThread ? "channel" : isConversation ? null : inServer,
    at: { channelId: id, rootId: isThread ? channel.rootId : null, categoryId, serverId, isConversation },
  }
}

/** A viewer's choices for a place, and its effective levels. */
export async function describePlace(
  db: Db,
  userId: string,
  { kind, id, name, around, at }: ChoosablePlace,
  now = new Date(),
): Promise<PlaceLevels> {
  const levels = await levelsFor(db, userId, now)
  const choice: LevelChoice = levels.choiceFor(id) ?? noChoice
  const mutedUntil = choice.mutedUntil && choice.mutedUntil > now ? choice.mutedUntil : null
  const isMutedForGood = mutedUntil?.getTime() === forever.getTime()
  const { level, isEveryoneSuppressed, areRolesSuppressed } = choice
  return {
    ...{ place: kind, name, around, isMutedForGood },
    mutedUntil: isMutedForGood ? null : mutedUntil,
    chosen: { level, isEveryoneSuppressed, areRolesSuppressed },
    inherited: levelsIn(at, (each) => (each === id ? undefined : levels.choiceFor(each)), now),
    effective: levels.in(at),
  }
}

const noChoice: LevelChoice = {
  level: null,
  mutedUntil: null,
  isEveryoneSuppressed: null,
  areRolesSuppressed: null,
}
