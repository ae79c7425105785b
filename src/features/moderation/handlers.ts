import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import type { AuditAction } from "../audit-log/contract.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { denialOf } from "../permissions/can.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { findChannelAccess, type SeenChannel } from "../permissions/store.ts"
import { noSuchChannel, noSuchServer } from "../permissions/wording.ts"
import type { Derived, Procedures } from "../services.ts"
import { findChannelLimits, updateLock, updateSlowMode } from "./channel-limits.ts"
import type { moderationContract } from "./contract.ts"
import { decideOnMember } from "./decide-on-member.ts"
import { deletePart, unlessRefused } from "./delete-messages.ts"
import { moderationDuty } from "./duty.ts"
import { setNickname } from "./nicknames.ts"
import { purge } from "./purge.ts"
import { findTimeout, listTimeouts, updateTimeout } from "./timeouts.ts"
import { undo } from "./undo.ts"
import { insertUndoable, partId } from "./undo-store.ts"

export const moderationHandlers: Procedures<typeof moderationContract> = {
  timeOutMember: {
    resources: ({ inputs }) => resourcesOfMember(inputs.serverId),
    async procedure({ inputs, derived }) {
      const until = new Date(Date.now() + inputs.seconds * 1000)
      const notOneself = "You cannot time yourself out"
      const { undoId } = await setTimeoutOf(derived, { ...inputs, until, notOneself })
      return { undoId, until }
    },
  },

  endTimeout: {
    resources: ({ inputs }) => resourcesOfMember(inputs.serverId),
    async procedure({ inputs, derived }) {
      return setTimeoutOf(derived, {
        ...inputs,
        until: null,
        notOneself: "You cannot end your own timeout",
      })
    },
  },

  getTimeouts: {
    resources: ({ inputs }) => [resource.members(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId, "timeOutMembers")

      return listTimeouts(derived.db, server.id)
    },
  },

  setSlowMode: {
    resources: ({ outputs }) => resourcesOfChannel(outputs),
    async procedure({ inputs, derived }) {
      const { channelId, seconds, reason } = inputs
      const act = { channelId, action: "channel.slowMode", reason } as const
      return decideOnChannel(derived, act, async ({ tx }, limits) => {
        await updateSlowMode(tx, channelId, seconds)
        const changes = changesOf({ seconds: limits.seconds }, { seconds })
        return { before: limits.seconds, changes }
      })
    },
  },

  lockChannel: {
    resources: ({ outputs }) => resourcesOfChannel(outputs),
    async procedure({ inputs, derived }) {
      return setLock(derived, { ...inputs, action: "channel.lock", lockedAt: new Date() })
    },
  },

  unlockChannel: {
    resources: ({ outputs }) => resourcesOfChannel(outputs),
    async procedure({ inputs, derived }) {
      return setLock(derived, { ...inputs, action: "channel.unlock", lockedAt: null })
    },
  },

  bulkDeleteMessages: {
    resources: ({ outputs }) => [
      resource.messages(outputs.channelId),
      resource.pins(outputs.channelId),
      resource.auditLog(outputs.serverId),
    ],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { channelId, messageIds: ids, reason } = inputs
      const { channel } = await requireModerated(derived, viewer, channelId, "manageMessages")
      const { serverId } = channel
      const act = {
        id: crypto.randomUUID(),
        serverId,
        actorId: viewer.id,
        action: "message.bulkDelete",
      } as const
      const outcome = await derived.publisher.append(channelId, async (changes) => {
        const denial = await denialIn(changes, viewer, channelId, "manageMessages")
        if (denial) return denial

        await insertUndoable(changes.tx, { ...act, data: { channelId } })
        const batch = { hooks: derived.messageHooks, channelId, ids }
        const count = await deletePart(changes, { ...act, id: partId(act.id, 0), data: {} }, batch)
        const target = { id: channelId, name: channel.name }
        const counted = { count: { after: count } }
        const { action } = act
        await recordAct(changes.tx, { serverId, actor: viewer, action, target, changes: counted, reason })
        return count
      })
      const deletedCount = unlessRefused(outcome)
      derived.workers.get(moderationDuty).ask()
      return { undoId: act.id, channelId, serverId, deletedCount }
    },
  },

  purgeMessages: {
    resources: ({ inputs, outputs }) => [
      ...outputs.channelIds.map((id) => resource.messages(id)),
      resource.auditLog(inputs.serverId),
    ],
    async procedure({ inputs, derived }) {
      return purge(derived, derived.requireAuth(), inputs)
    },
  },

  setNickname: {
    resources: ({ inputs }) => resourcesOfMember(inputs.serverId),
    async procedure({ inputs, derived }) {
      return setNickname(derived, derived.requireAuth(), inputs)
    },
  },

  undoAct: {
    resources: ({ outputs: { serverId, userIds, channelIds } }) => [
      ...resourcesOfMember(serverId),
      resource.bans(serverId),
      resource.invites(serverId),
      ...userIds.map((id) => resource.servers(id)),
      ...channelIds.flatMap((id) => [resource.messages(id), resource.channel(id), resource.pins(id)]),
      ...(channelIds.length > 0 ? [resource.channels(serverId)] : []),
    ],
    async procedure({ inputs, derived }) {
      return undo(derived, derived.requireAuth(), inputs.undoId)
    },
  },
}

interface TimeoutChange {
  serverId: string
  userId: string
  reason?: string
  /** `null` ends it. */
  until: Date | null
  notOneself: string
}

async function setTimeoutOf(derived: Derived, change: TimeoutChange): Promise<{ undoId: string }> {
  const { serverId, userId, reason, until, notOneself } = change
  const viewer = derived.requireAuth()
  const undoId = crypto.randomUUID()
  const decision = { viewer, serverId, userId, action: "timeOutMembers", notOneself } as const
  return decideOnMember(derived, decision, async (changes, target) => {
    const { tx } = changes
    const before = await findTimeout(tx, serverId, userId)
    if (!before && !until) return new Refusal("This member is not timed out", 400)

    await updateTimeout(tx, serverId, userId, until)
    const action = until ? "member.timeout" : "member.timeoutEnd"
    const changed = { until: { before, after: until } }
    await recordAct(tx, { serverId, actor: viewer, action, target, changes: changed, reason })
    const data = { userId, before: before?.getTime() ?? null }
    await insertUndoable(tx, { id: undoId, serverId, actorId: viewer.id, action, data })
    changes.afterCommit(() => derived.workers.get(moderationDuty).ask())
    return { undoId }
  })
}

interface ActOnChannel {
  channelId: string
  action: AuditAction
  reason?: string
}

type Limits = NonNullable<Awaited<ReturnType<typeof findChannelLimits>>>

/** Changes a channel, which the viewer must be allowed to manage, also in the commit, and stores how to undo it. */
async function decideOnChannel(
  derived: Derived,
  { channelId, action, reason }: ActOnChannel,
  write: (
    changes: ChangeSet,
    limits: Limits,
  ) => Promise<{ before: number | null; changes: Record<string, { before?: unknown; after?: unknown }> }>,
): Promise<{ undoId: string; channelId: string; serverId: string }> {
  const viewer = derived.requireAuth()
  const { channel } = await requireModerated(derived, viewer, channelId, "manageChannels")
  const { serverId } = channel
  const undoId = crypto.randomUUID()
  const refusal = await derived.publisher.decide(async (changes) => {
    const { tx } = changes
    const denial = await denialIn(changes, viewer, channelId, "manageChannels")
    const limits = await findChannelLimits(tx, channelId)
    if (denial || !limits) return denial ?? new Refusal(noSuchChannel, 404)

    const { before, changes: changed } = await write(changes, limits)
    const target = { id: channelId, name: channel.name }
    await recordAct(tx, { serverId, actor: viewer, action, target, changes: changed, reason })
    await insertUndoable(tx, {
      id: undoId,
      serverId,
      actorId: viewer.id,
      action,
      data: { channelId, before },
    })
    changes.afterCommit(() => derived.workers.get(moderationDuty).ask())
    return null
  })
  if (refusal) throw refusal

  return { undoId, channelId, serverId }
}

function setLock(
  derived: Derived,
  { lockedAt, ...act }: ActOnChannel & { lockedAt: Date | null },
): Promise<{ undoId: string; channelId: string; serverId: string }> {
  return decideOnChannel(derived, act, async ({ tx }, limits) => {
    // Locked already: it stays locked since then.
    const after = lockedAt && (limits.lockedAt ?? lockedAt)
    await updateLock(tx, act.channelId, after)
    return {
      before: limits.lockedAt?.getTime() ?? null,
      changes: changesOf({ locked: limits.lockedAt !== null }, { locked: after !== null }),
    }
  })
}

type ChannelAction = "manageMessages" | "manageChannels"

/** A channel of a server. A conversation has no moderators. */
async function requireModerated(
  derived: Derived,
  viewer: Viewer,
  channelId: string,
  action: ChannelAction,
): Promise<{ channel: SeenChannel }> {
  const access = await requireChannel(derived, viewer, channelId, action)
  if (access.standing.kind !== "server") throw new Refusal(noSuchServer, 404)

  return access
}

async function denialIn(
  { tx }: ChangeSet,
  viewer: Viewer,
  channelId: string,
  action: ChannelAction,
): Promise<Refusal | null> {
  const access = await findChannelAccess(tx, viewer, channelId)
  return access ? denialOf(access.standing, action) : new Refusal(noSuchChannel, 404)
}

function resourcesOfMember(serverId: string): Resource[] {
  return [resource.members(serverId), resource.auditLog(serverId)]
}

function resourcesOfChannel({ channelId, serverId }: { channelId: string; serverId: string }): Resource[] {
  return [resource.channels(serverId), resource.channel(channelId), resource.auditLog(serverId)]
}
