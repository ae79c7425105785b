import type { Tx } from "../../db/database.ts"
import { type InputOf, Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { recordAct } from "../audit-log/store.ts"
import { type Channel, maxChannelsInCategory } from "../channels/contract.ts"
import { copyOverwrites } from "../channels/overwrites.ts"
import { listChannels } from "../channels/store.ts"
import { mayCopy } from "../overwrites/may-replace.ts"
import { assertCan, can, denialOf } from "../permissions/can.ts"
import { listCategoryRights, listChannelRights } from "../permissions/places.ts"
import { requireServer } from "../permissions/require.ts"
import { watchViewers } from "../permissions/viewers.ts"
import { noSuchCategory, noSuchChannel } from "../permissions/wording.ts"
import type { Derived } from "../services.ts"
import type { categoriesContract } from "./contract.ts"
import { type ChannelMove, updateCategoryPositions, updateChannelPlaces } from "./store.ts"

type Moves = InputOf<typeof categoriesContract.moveChannels>

/** Orders channels and categories. What a synced channel leaves behind is compared inside the commit, too. */
export async function moveChannels(derived: Derived, viewer: Viewer, moves: Moves): Promise<Channel[]> {
  const { serverId } = moves
  await requireServer(derived, viewer, serverId)
  return derived.publisher.decide(async (changes) => {
    const { tx } = changes
    const plan = await planOf(tx, viewer, moves)
    const copied = await listCopied(tx, viewer, plan)
    const write = async () => {
      await updateCategoryPositions(tx, plan.categories)
      await updateChannelPlaces(tx, plan.channels)
      for (const [categoryId, channels] of Map.groupBy(copied, ({ categoryId }) => categoryId)) {
        const ids = channels.map(({ id }) => id)
        await copyOverwrites(tx, categoryId, ids)
      }
    }
    const channelIds = copied.map(({ id }) => id)
    if (channelIds.length === 0) await write()
    else await watchViewers(changes, { serverId, channelIds }, write)

    await record(tx, viewer, moves, plan)
    return listChannels(tx, serverId, viewer.id)
  })
}

interface Plan {
  categories: { id: string; name: string; position: number }[]
  channels: (ChannelMove & { name: string; isInOther: boolean; from: string; to: string })[]
}

/** What changes, if the viewer may change it. Fails: 403, 404, 400. */
async function planOf(tx: Tx, viewer: Viewer, moves: Moves): Promise<Plan> {
  const { serverId } = moves
  const { standing } = await requireServer({ db: tx }, viewer, serverId)
  // The rights by channel, below, do not know of timeouts.
  if (standing.isTimedOut) assertCan(standing, "manageChannels")
  const mayManageServer = can(standing, "manageChannels")
  const refuse = () => denialOf(standing, "manageChannels") ?? new Refusal(notHere, 403)
  const channels = new Map((await listChannelRights(tx, serverId, viewer.id)).map((one) => [one.id, one]))
  const categories = new Map((await listCategoryRights(tx, serverId, viewer.id)).map((one) => [one.id, one]))

  const plan: Plan = { categories: [], channels: [] }
  for (const { id, position } of moves.categories ?? []) {
    const category = categories.get(id)
    if (!category) throw new Refusal(noSuchCategory, 404)
    if (category.position === position) continue
    if (!mayManageServer && !category.mayManage) throw refuse()
    plan.categories.push({ id, name: category.name, position })
  }
  for (const { id, position, categoryId } of moves.channels ?? []) {
    const channel = channels.get(id)
    if (!channel?.mayView) throw new Refusal(noSuchChannel, 404)
    const to = categoryId === null ? undefined : categories.get(categoryId)
    if (categoryId !== null && !to) throw new Refusal(noSuchCategory, 404)
    const isInOther = channel.categoryId !== categoryId
    if (!isInOther && channel.position === position) continue
    // A channel may deny what the server allows, and a category too. To order what stays where it is, the server suffices.
    const mayMove = channel.mayManage && (to ? to.mayManage : mayManageServer)
    if (isInOther ? !mayMove : !mayManageServer && !channel.mayManage) throw refuse()

    const isSynced = isInOther ? channel.isSynced && categoryId !== null : channel.isSynced
    const from = categories.get(channel.categoryId ?? "")?.name ?? ""
    const names = { name: channel.name, from, to: to?.name ?? "" }
    plan.channels.push({ id, position, categoryId, isSynced, isInOther, ...names })
    channel.categoryId = categoryId
  }
  assertRoom([...channels.values()], plan)
  return plan
}

/**
 * The channels that get the overwrites of their new category. Where the viewer may not set those, the channel keeps its own
 * and is no longer synced: who moves it must not change who may view it.
 */
async function listCopied(tx: Tx, viewer: Viewer, { channels }: Plan) {
  const copied: { id: string; categoryId: string }[] = []
  for (const channel of channels) {
    const { id, categoryId, isSynced, isInOther } = channel
    if (!isSynced || !isInOther || categoryId === null) continue
    channel.isSynced = await mayCopy(tx, viewer, { channelId: id, categoryId })
    if (channel.isSynced) copied.push({ id, categoryId })
  }
  return copied
}

const notHere = "You do not have the permission “Manage channels” in this channel or category"

/** Fails: 400 when a category would have too many channels. */
function assertRoom(channels: { categoryId: string | null }[], plan: Plan): void {
  const counts = Map.groupBy(channels, ({ categoryId }) => categoryId)
  for (const { categoryId, isInOther } of plan.channels) {
    if (!isInOther || categoryId === null) continue
    if ((counts.get(categoryId)?.length ?? 0) > maxChannelsInCategory) {
      throw new Refusal(`A category has at most ${maxChannelsInCategory} channels`, 400)
    }
  }
}

/** One entry for all that a call moves: names with the categories that they left and came to. */
async function record(tx: Tx, viewer: Viewer, { serverId, reason }: Moves, plan: Plan): Promise<void> {
  if (plan.channels.length + plan.categories.length === 0) return

  const moved = plan.channels.filter(({ isInOther }) => isInOther)
  const changes = Object.fromEntries(
    moved.slice(0, maxRecorded).map(({ name, from, to }) => [name, { before: from, after: to }]),
  )
  await recordAct(tx, { serverId, actor: viewer, action: "channel.move", changes, reason })
}

/** Channels that one entry of the audit log names. */
const maxRecorded = 50
