import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { PermissionSet } from "../permission-set.ts"
import { allPermissionNames, type Permission } from "../permissions/bits.ts"
import { maxRoles } from "../roles/contract.ts"

const PermissionName = z.enum(allPermissionNames as [Permission, ...Permission[]])

/** What says something about a permission; the names are those of `StepKind`. */
const stepKinds = [
  "notMember",
  "owner",
  "administrator",
  "role",
  "noRole",
  "everyoneOverwrite",
  "roleOverwrite",
  "memberOverwrite",
  "timeout",
  "rules",
  "tooNew",
  "raidLock",
  "cannotView",
  "cannotSend",
  "locked",
  "archived",
] as const

export const PermissionStep = z.object({
  kind: z.enum(stepKinds),
  grants: z.boolean(),
  /** Of a role or an overwrite: the id of the role or user, and its name. */
  targetId: z.string().optional(),
  name: z.string().optional(),
})

export const ExplainedPermission = z.object({
  permission: PermissionName,
  isGranted: z.boolean(),
  /** What says something about it, in the order in which it counts: the last one decides. */
  steps: z.array(PermissionStep).min(1),
})
export type ExplainedPermission = z.infer<typeof ExplainedPermission>

/** Whose permissions they are: a member, or a role as its only one. */
export const PermissionSubject = z.object({
  kind: z.enum(["member", "role"]),
  id: z.string(),
  name: z.string(),
})
export type PermissionSubject = z.infer<typeof PermissionSubject>

export const PermissionCheck = z.object({
  serverId: z.string(),
  /** `null` for the whole server. */
  channel: z.object({ id: z.string(), name: z.string() }).nullable(),
  subject: PermissionSubject,
  permissions: z.array(ExplainedPermission),
})
export type PermissionCheck = z.infer<typeof PermissionCheck>

/** A channel as someone else sees it. */
export const ViewedChannel = z.object({
  id: z.string(),
  name: z.string(),
  isLocked: z.boolean(),
  isArchived: z.boolean(),
  /** "0": they do not see it. */
  permissions: PermissionSet,
})

export const ServerView = z.object({
  subject: PermissionSubject,
  /** Those that the viewer may view, whether the subject may or not, in order. */
  channels: z.array(ViewedChannel),
})
export type ServerView = z.infer<typeof ServerView>

const Difference = z.object({
  /** How many members. */
  members: z.int(),
  /** Names of at most 50 of them. */
  names: z.array(z.string()),
  /** In how many channels. */
  channels: z.int(),
  /** Names of at most 50 of them. */
  channelNames: z.array(z.string()),
})

export const PermissionPreview = z.object({
  /** False where too much would have to be compared; then there are no changes. */
  isComplete: z.boolean(),
  /** Each permission that someone gains or loses. */
  changes: z.array(z.object({ permission: PermissionName, gained: Difference, lost: Difference })),
})
export type PermissionPreview = z.infer<typeof PermissionPreview>

/** What would be changed. */
export const PermissionChange = z.discriminatedUnion("kind", [
  /** The permissions of a role; the server's id is everyone's. */
  z.object({ kind: z.literal("role"), roleId: z.string(), permissions: PermissionSet }),
  /** What a channel allows and denies to a role, everyone (the server's id) or a member; "0" for both removes it. */
  z.object({
    kind: z.literal("overwrite"),
    channelId: z.string(),
    targetId: z.string(),
    allow: PermissionSet,
    deny: PermissionSet,
  }),
  /** The same of a category, and so of its synced channels. */
  z.object({
    kind: z.literal("categoryOverwrite"),
    categoryId: z.string(),
    targetId: z.string(),
    allow: PermissionSet,
    deny: PermissionSet,
  }),
  /** Whether a member has a role. */
  z.object({ kind: z.literal("memberRole"), roleId: z.string(), userId: z.string(), isGiven: z.boolean() }),
  /** Several roles of a member at once. */
  z.object({
    kind: z.literal("memberRoles"),
    userId: z.string(),
    given: z.array(z.string()).max(maxRoles),
    taken: z.array(z.string()).max(maxRoles),
  }),
])
export type PermissionChange = z.infer<typeof PermissionChange>

const subject = { userId: z.string().optional(), roleId: z.string().optional() }
const isOneSubject = ({ userId, roleId }: { userId?: string; roleId?: string }) =>
  (userId === undefined) !== (roleId === undefined)
const oneSubject = "Name a member or a role"

const meta = { bots: true } as const

export const permissionChecksContract = {
  /**
   * Explains each permission of a member, or of someone who had only one role: in a channel, or in the whole server without
   * `channelId`. Fails: 401, 403 (without the permission to manage roles, but for one's own; a channel that the viewer may
   * not view), 404, 400.
   */
  explainPermissions: query({
    input: z
      .object({ serverId: z.string().optional(), channelId: z.string().optional(), ...subject })
      .refine(isOneSubject, oneSubject)
      .refine(({ serverId, channelId }) => Boolean(serverId ?? channelId), "Name a server or a channel"),
    output: PermissionCheck,
    meta,
  }),
  /** How a member or a role sees the channels of a server. Fails: 401, 403 (without the permission to manage roles), 404, 400. */
  viewServerAs: query({
    input: z.object({ serverId: z.string(), ...subject }).refine(isOneSubject, oneSubject),
    output: ServerView,
    meta,
  }),
  /**
   * Who would gain and lose which permission in which channels. Changes nothing. Counts only channels that the viewer may
   * view. A mutation only in that its input does not fit into an address. Fails: 401, 403 (without the permission to manage
   * roles), 404.
   */
  previewPermissionChange: mutation({
    input: z.object({ serverId: z.string(), change: PermissionChange }),
    output: PermissionPreview,
    meta,
  }),
}
