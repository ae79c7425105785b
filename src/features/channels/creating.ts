import type { Db } from "../../db/database.ts"
import { type InputOf, Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { includes, permissionsOf } from "../permissions/bits.ts"
import { requireCategory } from "../permissions/places.ts"
import { requireServer } from "../permissions/require.ts"
import type { Standing } from "../permissions/standing.ts"
import { noSuchCategory } from "../permissions/wording.ts"
import { updateServer } from "../servers/store.ts"
import type { Derived } from "../services.ts"
import { type Channel, type channelsContract, maxChannels, maxChannelsInCategory } from "./contract.ts"
import { type AccessPreset, allowMember, copyOverwrites, writeAccess } from "./overwrites.ts"
import { countChannels, findChannel, insertChannel, stored } from "./store.ts"

/** Permissions that the member keeps who makes a channel private or read-only. */
const ownPermissions = permissionsOf("viewChannel", "readHistory", "sendMessages", "sendInThreads")

export async function createChannel(
  derived: Derived,
  viewer: Viewer,
  inputs: InputOf<typeof channelsContract.createChannel>,
): Promise<Channel> {
  const { serverId, name, topic = "", categoryId = null, isPrivate, isReadOnly, reason } = inputs
  const channel = {
    ...{ id: crypto.randomUUID(), serverId, name, topic, categoryId, createdAt: new Date() },
    // What is denied here is not denied in the whole category.
    isSynced: categoryId !== null && !isPrivate && !isReadOnly,
  }
  await requireRoom(derived.db, viewer, channel)
  return derived.publisher.decide(async ({ tx }) => {
    const standing = await requireRoom(tx, viewer, channel)
    // The first channel of a server is where the server itself sends.
    const isFirst = (await countChannels(tx, serverId, null)).inServer === 0
    await insertChannel(tx, channel)
    if (isFirst) await updateServer(tx, serverId, { systemChannelId: channel.id })
    if (categoryId !== null) await copyOverwrites(tx, categoryId, [channel.id])
    if (isPrivate || isReadOnly) await restrict(tx, { channel, viewer, standing }, { isPrivate, isReadOnly })
    const target = { id: channel.id, name }
    const changes = changesOf<Record<string, unknown>>({}, { name, isPrivate, isReadOnly })
    await recordAct(tx, { serverId, actor: viewer, action: "channel.create", target, changes, reason })
    return stored(await findChannel(tx, channel.id))
  })
}

/** The viewer's standing where they may create a channel. In a category its overwrites decide. Fails: 403, 404, 400 (too many). */
async function requireRoom(
  db: Db,
  viewer: Viewer,
  { serverId, categoryId }: { serverId: string; categoryId: string | null },
): Promise<Standing> {
  const action = categoryId === null ? "manageChannels" : "read"
  const { standing } = await requireServer({ db }, viewer, serverId, action)
  const inCategory = categoryId && (await requireCategory({ db }, viewer, categoryId, "manageChannels"))
  if (inCategory && inCategory.category.serverId !== serverId) {
    throw new Refusal(noSuchCategory, 404)
  }
  await assertRoom(db, serverId, categoryId)
  return inCategory ? inCategory.standing : standing
}

/** Fails: 400 when the server has too many channels, or the category. */
export async function assertRoom(db: Db, serverId: string, categoryId: string | null): Promise<void> {
  const { inServer, inCategory } = await countChannels(db, serverId, categoryId)
  if (inServer >= maxChannels) {
    throw new Refusal(`A server has at most ${maxChannels} channels. Archive or delete one first`, 400)
  }
  if (categoryId !== null && inCategory >= maxChannelsInCategory) {
    throw new Refusal(
      `A category has at most ${maxChannelsInCategory} channels. Choose another category`,
      400,
    )
  }
}

interface Restricted {
  channel: { id: string; serverId: string }
  viewer: Viewer
  standing: Standing
}

/** Writes a preset, and allows the member who sets it what it denies to everyone. Administrators need no such permission. */
export async function restrict(
  tx: Parameters<typeof writeAccess>[0],
  { channel, viewer, standing }: Restricted,
  access: AccessPreset,
): Promise<void> {
  await writeAccess(tx, { channelId: channel.id, serverId: channel.serverId }, { standing, preset: access })
  const isRestricted = access.isPrivate || access.isReadOnly
  if (!isRestricted || includes(standing.permissions, "administrator")) return

  // Not more than they could do anyway.
  await allowMember(tx, channel.id, viewer.id, standing.permissions & ownPermissions)
}
