import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { isDeletedAccount } from "../accounts/store.ts"
import type { AuditAction } from "../audit-log/contract.ts"
import { findLastActor, recordAct } from "../audit-log/store.ts"
import type { KeptBan } from "../bans/banning.ts"
import { deleteBan, findBan, insertBan } from "../bans/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { type KeptMembership, restoreMembership } from "../members/kept-membership.ts"
import { denialOf, type PlaceAction } from "../permissions/can.ts"
import type { Identity } from "../permissions/standing.ts"
import { findChannelAccess, findStanding } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import { updateLock, updateSlowMode } from "./channel-limits.ts"
import { type KeptMessages, restoreKept } from "./kept-messages.ts"
import { updateTimeout } from "./timeouts.ts"
import { extendUndoable, findUndoable, listParts, takeUndoable, type UndoableAct } from "./undo-store.ts"

/** What an undone act was about: what was put back. */
export interface Undone {
  serverId: string
  userIds: string[]
  channelIds: string[]
}

/** How to undo one kind of act. `undo` puts back what was, or returns why not. */
interface UndoableKind {
  needs: PlaceAction
  undo(changes: ChangeSet, act: UndoableAct): Promise<Undone | Refusal>
}

const kinds: Partial<Record<AuditAction, UndoableKind>> = {
  "member.kick": { needs: "kickMembers", undo: undoKick },
  "member.ban": { needs: "banMembers", undo: undoBans },
  "member.timeout": { needs: "timeOutMembers", undo: undoTimeout },
  "member.timeoutEnd": { needs: "timeOutMembers", undo: undoTimeout },
  "channel.slowMode": { needs: "manageChannels", undo: undoSlowMode },
  "channel.lock": { needs: "manageChannels", undo: undoLock },
  "channel.unlock": { needs: "manageChannels", undo: undoLock },
  "message.bulkDelete": { needs: "manageMessages", undo: async (_, act) => about(act, {}) },
  "message.purge": { needs: "manageMessages", undo: async (_, act) => about(act, {}) },
}

/**
 * Undoes an act of the viewer, and restores the messages that it deleted. Throws a refusal: 403 for an act of somebody
 * else or without the permission, 410 when it is too late.
 */
export async function undo(
  services: Services,
  viewer: Identity & { username: string },
  undoId: string,
): Promise<Undone> {
  const undone = await services.publisher.decide((changes) => undoIn(changes, viewer, undoId))
  if (undone instanceof Refusal) throw undone

  const restored = await restoreMessages(services, undoId)
  return { ...undone, channelIds: [...new Set([...undone.channelIds, ...restored])] }
}

async function undoIn(
  changes: ChangeSet,
  viewer: Identity & { username: string },
  undoId: string,
): Promise<Undone | Refusal> {
  const { tx } = changes
  const act = await findUndoable(tx, undoId)
  const kind = act && kinds[act.action as AuditAction]
  if (!act || !kind || act.expiresAt <= new Date())
    return new Refusal("It is too late to undo this, or it was undone already", 410)
  if (act.actorId !== viewer.id) return new Refusal("Only the moderator who did this can undo it", 403)

  const denial = await denialOfUndo(changes, viewer, act, kind.needs)
  if (denial) return denial

  const undone = await kind.undo(changes, act)
  if (undone instanceof Refusal) return undone

  await extendUndoable(tx, act.id, { isRestoring: true })
  await takeUndoable(tx, act.id)
  const undoneAct = { action: { after: act.action } }
  const { serverId } = act
  await recordAct(tx, { serverId, actor: viewer, action: "act.undo", changes: undoneAct })
  return undone
}

/** Refuses moderators who have lost the permission since. For an act in a channel, the channel's permissions count. */
async function denialOfUndo(
  { tx }: ChangeSet,
  viewer: Identity,
  { serverId, data }: UndoableAct,
  needs: PlaceAction,
): Promise<Refusal | null> {
  if (typeof data.channelId !== "string") return denialOf(await findStanding(tx, viewer, serverId), needs)

  const access = await findChannelAccess(tx, viewer, data.channelId)
  return access ? denialOf(access.standing, needs) : new Refusal("This channel was deleted", 410)
}

function about({ serverId, data }: UndoableAct, more: Partial<Undone>): Undone {
  const channelIds = typeof data.channelId === "string" ? [data.channelId] : []
  return { serverId, userIds: [], channelIds, ...more }
}

async function undoKick({ tx }: ChangeSet, act: UndoableAct): Promise<Undone | Refusal> {
  const { userId, membership } = act.data as { userId: string; membership: KeptMembership }
  if (await isDeletedAccount(tx, userId)) return accountDeleted()
  if (await findBan(tx, act.serverId, userId))
    return new Refusal("This person was banned meanwhile. Lift the ban first", 409)

  await restoreMembership(tx, { serverId: act.serverId, userId }, membership)
  return about(act, { userIds: [userId] })
}

/** Of several bans those are lifted that can be. */
async function undoBans({ tx }: ChangeSet, act: UndoableAct): Promise<Undone | Refusal> {
  const { serverId } = act
  const { bans } = act.data as { bans: KeptBan[] }
  const userIds: string[] = []
  let refusal: Refusal | undefined
  for (const { userId, previous, membership } of bans) {
    const why = (await isDeletedAccount(tx, userId))
      ? accountDeleted()
      : await replacement(tx, act, userId, ["member.ban", "member.unban"])
    if (why) {
      refusal = why
      continue
    }
    userIds.push(userId)
    if (previous) {
      const { reason, expiresAt, createdAt } = previous
      const times = { expiresAt: timeOf(expiresAt), createdAt: new Date(createdAt) }
      await insertBan(tx, { serverId, userId, reason, ...times })
    } else await deleteBan(tx, serverId, userId)
    if (membership) await restoreMembership(tx, { serverId, userId }, membership)
  }
  return userIds.length === 0 && refusal ? refusal : about(act, { userIds })
}

const accountDeleted = () =>
  new Refusal("This account was deleted meanwhile: there is nothing left to undo", 410)

/** Refuses to undo what another moderator has done anew since: that would undo theirs. */
async function replacement(
  tx: Tx,
  { serverId, actorId }: UndoableAct,
  targetId: string,
  actions: readonly AuditAction[],
): Promise<Refusal | undefined> {
  const last = await findLastActor(tx, { serverId, targetId, actions })
  if (!last || last.id === actorId) return undefined
  return new Refusal(`${last.name} has changed this meanwhile. Change that instead`, 409)
}

async function undoTimeout({ tx }: ChangeSet, act: UndoableAct): Promise<Undone | Refusal> {
  const { userId, before } = act.data as { userId: string; before: number | null }
  if (await isDeletedAccount(tx, userId)) return accountDeleted()
  const replaced = await replacement(tx, act, userId, ["member.timeout", "member.timeoutEnd"])
  if (replaced) return replaced

  await updateTimeout(tx, act.serverId, userId, timeOf(before))
  return about(act, { userIds: [userId] })
}

async function undoSlowMode({ tx }: ChangeSet, act: UndoableAct): Promise<Undone | Refusal> {
  const { channelId, before } = act.data as { channelId: string; before: number }
  const replaced = await replacement(tx, act, channelId, ["channel.slowMode"])
  if (replaced) return replaced

  await updateSlowMode(tx, channelId, before)
  return about(act, {})
}

async function undoLock({ tx }: ChangeSet, act: UndoableAct): Promise<Undone | Refusal> {
  const { channelId, before } = act.data as { channelId: string; before: number | null }
  const replaced = await replacement(tx, act, channelId, ["channel.lock", "channel.unlock"])
  if (replaced) return replaced

  await updateLock(tx, channelId, timeOf(before))
  return about(act, {})
}

const timeOf = (at: number | null) => (at === null ? null : new Date(at))

/** Restores what the parts of an act keep, each in a commit. Returns the channels. */
async function restoreMessages({ db, publisher }: Services, undoId: string): Promise<string[]> {
  const channelIds: string[] = []
  for (const id of await listParts(db, undoId)) {
    const part = await findUndoable(db, id)
    const kept = part?.data.kept as KeptMessages | undefined
    if (!kept) continue
    await publisher.append(kept.channelId, async (changes) => {
      // Taken in the commit that restores: a second attempt finds nothing to restore.
      if (await takeUndoable(changes.tx, id)) await restoreKept(changes, kept)
    })
    channelIds.push(kept.channelId)
  }
  return channelIds
}
