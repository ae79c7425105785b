import { type ProcedureRefuse, Refusal } from "../../kernel/index.ts"
import { listHeldRoleIds } from "../permissions/held-roles.ts"
import { requireChannel, requireMessage, requireServerOrConversation } from "../permissions/require.ts"
import { readingIn, resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { InboxReason, type inboxContract } from "./contract.ts"
import { listFollowed, setFollow } from "./follows.ts"
import { inboxLimit } from "./limits.ts"
import { markAll, unmarkAll } from "./mark-all.ts"
import { type Cursor, countInbox, deleteDone, insertDone, listInbox, markItemUnread } from "./store.ts"

const notThere = "This is not in your inbox"

/** The resources that change when a user marks everything as read. */
const allOf = (userId: string | undefined) => [
  resource.inbox(userId),
  resource.reading(userId),
  resource.followedThreads(userId),
]

export const inboxHandlers: Procedures<typeof inboxContract> = {
  getInbox: {
    resources: ({ ctx }) => [resource.inbox(ctx.viewer?.id), resource.reading(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { db } = derived
      const { id } = derived.requireAuth()
      const { state = "open", reason, serverId } = inputs
      const before = inputs.before === undefined ? undefined : parseCursor(inputs.before)
      const page = await listInbox(db, id, { state, reason, serverId, before })
      return { ...page, unread: await countInbox(db, id) }
    },
  },

  markDone: {
    resources: ({ ctx }) => [resource.inbox(ctx.viewer?.id)],
    async procedure({ inputs: item, derived, error }) {
      const { db, commits } = derived
      const { id: userId } = await requireChanger(derived)
      const { message } = await requireMessage(derived, derived.requireAuth(), item.messageId, "readHistory")
      const roleIds = await listHeldRoleIds(db, userId)
      const doneAt = new Date()
      const isThere = await commits.decide((tx) => insertDone(tx, { userId, item, message, roleIds, doneAt }))
      return isThere ? item : error(notThere, 404)
    },
  },

  markUndone: {
    resources: ({ ctx }) => [resource.inbox(ctx.viewer?.id)],
    async procedure({ inputs: item, derived, error }) {
      const viewer = await requireChanger(derived)
      await requireMessage(derived, viewer, item.messageId, "readHistory")
      const wasDone = await derived.commits.note("unread", (tx) => deleteDone(tx, viewer.id, item))
      return wasDone ? item : error("This is not marked as done", 404)
    },
  },

  markItemUnread: {
    resources: ({ ctx, outputs }) => [
      resource.inbox(ctx.viewer?.id),
      resource.reading(ctx.viewer?.id),
      readingIn(ctx.viewer?.id, outputs.channelId),
    ],
    async procedure({ inputs: item, derived, error }) {
      const { db, commits } = derived
      const viewer = await requireChanger(derived)
      const { message } = await requireMessage(derived, viewer, item.messageId, "readHistory")
      const about = { userId: viewer.id, item, message, roleIds: await listHeldRoleIds(db, viewer.id) }
      const isThere = await commits.decide((tx) => markItemUnread(tx, about))
      return isThere ? { ...item, channelId: message.channelId } : error(notThere, 404)
    },
  },

  markAllRead: {
    resources: ({ ctx }) => allOf(ctx.viewer?.id),
    async procedure({ inputs: { serverId }, derived }) {
      const viewer = await requireChanger(derived)
      if (serverId !== undefined) await requireServerOrConversation(derived, viewer, serverId)
      const at = new Date()
      await derived.commits.decide((tx) => markAll(tx, { userId: viewer.id, serverId, at }))
      return { undoId: at.toISOString() }
    },
  },

  undoMarkAllRead: {
    resources: ({ ctx }) => allOf(ctx.viewer?.id),
    async procedure({ inputs, derived, error }) {
      const viewer = await requireChanger(derived)
      const ms = Date.parse(inputs.undoId)
      const at = new Date(Number.isNaN(ms) ? 0 : ms)
      const isUndone = await derived.commits.decide((tx) => unmarkAll(tx, viewer.id, at, new Date()))
      return isUndone ? null : error("It is too late to undo this, or it was undone already", 410)
    },
  },

  followThread: {
    resources: ({ ctx }) => [resource.followedThreads(ctx.viewer?.id)],
    procedure: ({ inputs, derived, error }) => choose(derived, inputs.channelId, true, error),
  },

  unfollowThread: {
    resources: ({ ctx }) => [resource.followedThreads(ctx.viewer?.id)],
    procedure: ({ inputs, derived, error }) => choose(derived, inputs.channelId, false, error),
  },

  getFollowedThreads: {
    resources: ({ ctx }) => [resource.followedThreads(ctx.viewer?.id), resource.reading(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      return listFollowed(derived.db, derived.requireAuth().id, inputs.skip ?? 0)
    },
  },
}

async function choose(derived: Derived, id: string, isFollowed: boolean, error: ProcedureRefuse) {
  const viewer = await requireChanger(derived)
  const { channel } = await requireChannel(derived, viewer, id, "readHistory")
  if (channel.parentId === null) error("Only threads can be followed", 400)

  const follow = { userId: viewer.id, channelId: channel.id, isFollowed }
  await derived.commits.note("unread", (tx) => setFollow(tx, follow))
  return { channelId: channel.id, isFollowed }
}

/** Who is signed in, if they change their inbox no faster than people do. Fails: 401, 429. */
async function requireChanger(derived: Derived) {
  const viewer = derived.requireAuth()
  const retryAfterSeconds = await derived.limits.get(inboxLimit).take(viewer.id)
  if (retryAfterSeconds > 0) throw new Refusal("You are too fast. Wait a moment", 429, { retryAfterSeconds })

  return viewer
}

/** The place of an item, as `listInbox` names it. */
function parseCursor(text: string): Cursor {
  const [, at, messageId, why] = text.match(/^(\d{1,15})\.([\w-]+)\.(\w+)$/) ?? []
  const reason = InboxReason.safeParse(why)
  if (at === undefined || messageId === undefined || !reason.success)
    throw new Refusal("Use the value of `older` of an earlier page", 400)

  return { at: Number(at), messageId, reason: reason.data }
}
