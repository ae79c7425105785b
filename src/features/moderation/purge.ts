import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { findUser } from "../accounts/store.ts"
import { recordAct } from "../audit-log/store.ts"
import { denialOf } from "../permissions/can.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import { findChannelAccess, findStanding, isMember } from "../permissions/store.ts"
import { noSuchChannel } from "../permissions/wording.ts"
import type { Derived } from "../services.ts"
import { deleteForAct } from "./delete-messages.ts"
import { moderationDuty } from "./duty.ts"
import { type ChannelHead, findMessagesOf, listModerated } from "./person-messages.ts"
import { insertUndoable } from "./undo-store.ts"

interface Purge {
  serverId: string
  userId: string
  channelId?: string
  limit?: number
  seconds?: number
  reason?: string
}

const action = "manageMessages"

/** Deletes messages of one person. Throws a refusal: 403, 404. */
export async function purge(derived: Derived, viewer: Viewer, asked: Purge) {
  const { db, publisher, workers } = derived
  const { serverId, userId, channelId, limit, seconds, reason } = asked
  const channels = await findChannels(derived, viewer, asked)
  const person = await findUser(db, userId)
  if (!person) throw new Refusal("There is no such user", 404)

  const since = seconds === undefined ? undefined : new Date(Date.now() - seconds * 1000)
  const found = await findMessagesOf(db, { channels, userId, since, limit })
  const count = [...found.values()].reduce((sum, ids) => sum + ids.length, 0)
  if (count === 0 && !(await isMember(db, serverId, userId)))
    throw new Refusal("This person is not a member and has written nothing here", 404)

  const data = channelId === undefined ? {} : { channelId }
  const act = {
    id: crypto.randomUUID(),
    serverId,
    actorId: viewer.id,
    action: "message.purge",
    data,
  } as const
  const refusal = await publisher.decide(async ({ tx }) => {
    const access =
      channelId === undefined
        ? { standing: await findStanding(tx, viewer, serverId) }
        : await findChannelAccess(tx, viewer, channelId)
    const denial = access ? denialOf(access.standing, action) : new Refusal(noSuchChannel, 404)
    if (denial) return denial

    const target = { id: userId, name: person.username }
    const changes = {
      count: { after: count },
      ...(channelId !== undefined && { channelId: { after: channelId } }),
      ...(seconds !== undefined && { seconds: { after: seconds } }),
    }
    await recordAct(tx, { serverId, actor: viewer, action: act.action, target, changes, reason })
    await insertUndoable(tx, act)
    return null
  })
  if (refusal) throw refusal

  const deletedCount = await deleteForAct(derived, act, found)
  workers.get(moderationDuty).ask()
  return { undoId: act.id, channelIds: [...found.keys()], deletedCount }
}

/** Where the viewer may delete messages of others: one channel, or all of the server. */
async function findChannels(
  derived: Derived,
  viewer: Viewer,
  { serverId, channelId }: Purge,
): Promise<ChannelHead[]> {
  if (channelId !== undefined) {
    const { channel } = await requireChannel(derived, viewer, { serverId, channelId }, action)
    return [channel]
  }
  await requireServer(derived, viewer, serverId, action)
  return listModerated(derived.db, serverId, viewer.id)
}
