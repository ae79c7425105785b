import type { z } from "zod"
import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { endMembership } from "../end-membership.ts"
import type { KeptMembership } from "../members/kept-membership.ts"
import type { ActTarget } from "../moderation/decide-on-member.ts"
import { deleteForAct } from "../moderation/delete-messages.ts"
import { moderationDuty } from "../moderation/duty.ts"
import { findMessagesOf, listHeads } from "../moderation/person-messages.ts"
import { insertUndoable, type NewUndoable } from "../moderation/undo-store.ts"
import type { Services } from "../services.ts"
import type { bansContract } from "./contract.ts"
import { findBan, insertBan } from "./store.ts"

/** How long, why, and what else is deleted. */
type Terms = Pick<
  z.output<(typeof bansContract)["banMember"]["input"]>,
  "reason" | "expiresInSeconds" | "deleteMessageSeconds"
>

/** What it takes to undo the ban of one person, as JSON. */
export interface KeptBan {
  userId: string
  /** The ban that this one replaced. */
  previous?: { reason: string | null; expiresAt: number | null; createdAt: number }
  membership?: KeptMembership
}

interface Banning {
  serverId: string
  actor: { id: string; username: string }
  terms: Terms
}

/** Bans one person in a commit, and returns what undoing it takes. */
export async function ban(
  changes: ChangeSet,
  { serverId, actor, terms }: Banning,
  target: ActTarget,
): Promise<KeptBan> {
  const { tx } = changes
  const { reason, expiresInSeconds, deleteMessageSeconds = 0 } = terms
  const expiresAt = expiresInSeconds ? new Date(Date.now() + expiresInSeconds * 1000) : null
  const before = await findBan(tx, serverId, target.id)
  const membership = await endMembership(changes, { serverId, userId: target.id })
  await insertBan(tx, { serverId, userId: target.id, reason: reason || null, expiresAt })
  const changed = {
    expiresAt: { ...(before && { before: before.expiresAt }), after: expiresAt },
    ...(deleteMessageSeconds > 0 && { deleteMessageSeconds: { after: deleteMessageSeconds } }),
  }
  await recordAct(tx, { serverId, actor, action: "member.ban", target, changes: changed, reason })
  const previous = before && {
    reason: before.reason,
    expiresAt: before.expiresAt?.getTime() ?? null,
    createdAt: before.createdAt?.getTime() ?? Date.now(),
  }
  return { userId: target.id, previous, membership }
}

/** Stores how to undo bans, in their commit. */
export async function keepBans(changes: ChangeSet, act: NewUndoable, bans: KeptBan[]): Promise<void> {
  await insertUndoable(changes.tx, { ...act, data: { bans } })
}

/** After the commit: deletes the messages that the terms say, of everyone who was banned. */
export async function deleteAfterBans(
  services: Services,
  act: NewUndoable,
  userIds: string[],
  { deleteMessageSeconds = 0 }: Terms,
): Promise<void> {
  if (deleteMessageSeconds > 0) {
    const since = new Date(Date.now() - deleteMessageSeconds * 1000)
    const channels = await listHeads(services.db, act.serverId)
    for (const userId of userIds) {
      const found = await findMessagesOf(services.db, { channels, userId, since })
      await deleteForAct(services, act, found)
    }
  }
  services.workers.get(moderationDuty).ask()
}
