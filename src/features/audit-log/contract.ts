import { z } from "zod"
import { query } from "../../kernel/index.ts"

/** Largest and default page of the audit log. Source: Discord API docs, Get Guild Audit Log. */
export const maxAuditPageSize = 100
export const auditPageSize = 50

/** What the audit log records, each with the sentence that pages show. Other features add their lines here. */
export const auditActions = {
  "server.update": "Changed the server",
  "server.retention": "Changed how long messages and files are kept",
  "server.transfer": "Handed the server over",
  "server.export": "Requested an archive of the server",
  "server.join": "Changed how people join",
  "server.raid": "Locked the server against a raid",
  "server.raidEnd": "Ended a raid lock",

  "channel.create": "Created a channel",
  "channel.update": "Changed a channel",
  "channel.delete": "Deleted a channel",
  "channel.permissions": "Changed a channel's permissions",
  "channel.retention": "Changed how long a channel keeps messages and files",
  "channel.slowMode": "Changed a channel's slow mode",
  "channel.lock": "Locked a channel",
  "channel.unlock": "Unlocked a channel",
  "channel.move": "Moved channels",
  "channel.archive": "Archived a channel",
  "channel.unarchive": "Unarchived a channel",

  "category.create": "Created a category",
  "category.update": "Changed a category",
  "category.delete": "Deleted a category",
  "category.permissions": "Changed a category's permissions",

  "role.create": "Created a role",
  "role.update": "Changed a role",
  "role.delete": "Deleted a role",

  "member.roles": "Changed a member's roles",
  "member.nickname": "Changed a member's nickname",
  "member.kick": "Removed a member",
  "member.ban": "Banned a person",
  "member.unban": "Lifted a ban",
  "member.timeout": "Timed out a member",
  "member.timeoutEnd": "Ended a timeout",

  "bot.add": "Added a bot",

  "invite.create": "Created an invite",
  "invite.revoke": "Revoked an invite",

  "webhook.create": "Created a webhook",
  "webhook.update": "Changed a webhook",
  "webhook.delete": "Deleted a webhook",

  "message.delete": "Deleted a message",
  "message.bulkDelete": "Deleted several messages",
  "message.purge": "Deleted a person's messages",
  "message.pin": "Pinned a message",
  "message.unpin": "Unpinned a message",

  "automod.create": "Created an automod rule",
  "automod.update": "Changed an automod rule",
  "automod.delete": "Deleted an automod rule",
  "automod.act": "Automod acted on a message",

  "report.claim": "Claimed a report",
  "report.act": "Took action on a report",
  "report.dismiss": "Dismissed a report",

  "act.undo": "Undid an action",
} as const

/** The name of something the audit log records. */
export type AuditAction = keyof typeof auditActions

export const auditActionNames = Object.keys(auditActions) as AuditAction[]

/** Longest reason of an act, in UTF-16 code units. Source: Discord API docs, Audit Logs, 512. */
export const maxReasonLength = 512

/** Why a moderator acted. Optional everywhere; spaces around it are removed, and an empty one counts as none. */
export const Reason = z
  .string()
  .trim()
  // `max` counts code points, the limit code units.
  .refine((reason) => reason.length <= maxReasonLength, `A reason has at most ${maxReasonLength} characters`)
  .optional()

export const AuditEntry = z.object({
  id: z.string(),
  actorId: z.string(),
  /** Names are those at the time. */
  actorName: z.string(),
  /** The name that members of the server see for the actor now; only if it differs. */
  actorShown: z.string().optional(),
  action: z.enum(auditActionNames as [AuditAction, ...AuditAction[]]),
  /** Whom or what it was done to; `null` for the server itself. */
  targetId: z.string().nullable(),
  targetName: z.string().nullable(),
  /** The name that members see now, if the target is a person and the name differs. */
  targetShown: z.string().optional(),
  /** For each changed field, its value before and after. */
  changes: z.record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() })),
  reason: z.string().nullable(),
  createdAt: z.date(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditPage = z.object({
  /** Newest first. */
  entries: z.array(AuditEntry),
  /** The `before` of the next page; `null` on the last page. */
  older: z.string().nullable(),
})
export type AuditPage = z.infer<typeof AuditPage>

/** What a page of the audit log is restricted to. */
export const AuditFilter = z.object({
  actorId: z.string().optional(),
  action: AuditEntry.shape.action.optional(),
  targetId: z.string().optional(),
})

export const auditLogContract = {
  /**
   * What people with permissions did in a server, newest first. Entries cannot be changed; old ones are deleted, see
   * `AUDIT_LOG_DAYS`. Fails: 401, 403 (without the permission to view the audit log), 404.
   */
  getAuditLog: query({
    input: AuditFilter.extend({
      serverId: z.string(),
      before: z
        .string()
        .regex(/^\d{1,16}\.[\w-]{1,64}$/, "Use the value of `older` of an earlier page")
        .optional(),
      limit: z.int().min(1).max(maxAuditPageSize).optional(),
    }),
    output: AuditPage,
    meta: { bots: true },
  }),
}
