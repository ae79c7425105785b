import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Longest reason and answer, in UTF-16 code units. */
export const maxReportReason = 512
export const maxReportAnswer = 512

/** Messages that a report keeps before and after the reported one. */
export const contextSize = 5

/** Reports that one call lists. */
export const maxReportsListed = 100

function text(max: number, name: string) {
  return z
    .string()
    .overwrite((written) => written.toWellFormed().replaceAll("\0", "\ufffd"))
    .trim()
    .refine((written) => written.length <= max, `${name} has at most ${max} characters`)
}

export const reportStatuses = ["open", "claimed", "acted", "dismissed"] as const
export const ReportStatus = z.enum(reportStatuses)
export type ReportStatus = z.infer<typeof ReportStatus>

/** A message as it was when one near it was reported. */
export const FrozenMessage = z.object({
  id: z.string(),
  userId: z.string(),
  /** The name that readers saw. */
  username: z.string(),
  content: z.string(),
  /** What it contained besides text, in words: the names of files, a poll's texts. */
  attached: z.array(z.string()),
  createdAt: z.coerce.date(),
  isEdited: z.boolean(),
  isDeleted: z.boolean(),
})
export type FrozenMessage = z.infer<typeof FrozenMessage>

export const Report = z.object({
  id: z.string(),
  serverId: z.string(),
  channelId: z.string(),
  /** `null` when the channel was deleted. */
  channelName: z.string().nullable(),
  messageId: z.string(),
  authorId: z.string(),
  /** Names are those that members of the server see. */
  authorName: z.string(),
  reporterId: z.string(),
  reporterName: z.string(),
  reason: z.string(),
  status: ReportStatus,
  /** The moderator who claimed or closed it. */
  moderatorId: z.string().nullable(),
  moderatorName: z.string().nullable(),
  /** What the reporter was told. */
  answer: z.string().nullable(),
  createdAt: z.date(),
  closedAt: z.date().nullable(),
})
export type Report = z.infer<typeof Report>

/** A report as its reporter sees it. */
export const OwnReport = Report.pick({
  id: true,
  serverId: true,
  messageId: true,
  reason: true,
  status: true,
  answer: true,
  createdAt: true,
  closedAt: true,
}).extend({ serverName: z.string() })
export type OwnReport = z.infer<typeof OwnReport>

const ofReport = z.object({ reportId: z.string() })

export const reportsContract = {
  /**
   * Tells the moderators of a server of a message, which is kept as it is now with those around it. For everyone who may
   * read it. Fails: 401, 404, 400 (own message; a conversation), 409 (reported before), 410 (deleted), 429.
   */
  reportMessage: mutation({
    input: z.object({
      messageId: z.string(),
      reason: text(maxReportReason, "A reason").refine(
        (reason) => reason !== "",
        "Say what is wrong with it",
      ),
    }),
    output: OwnReport,
  }),
  /** The viewer's own reports, newest first, with the answers of moderators. Fails: 401. */
  getMyReports: query({ input: z.null(), output: z.array(OwnReport) }),
  /**
   * Reports about messages in channels that the viewer may read: those that wait, oldest first, or those with a status,
   * newest first. Fails: 401, 403 (without the permission “Manage messages”), 404.
   */
  getReports: query({
    input: z.object({ serverId: z.string(), status: ReportStatus.optional() }),
    output: z.array(Report),
  }),
  /** One report with what was frozen, the reported message among it. Fails: 401, 404. */
  getReport: query({
    input: ofReport,
    output: Report.extend({ messages: z.array(FrozenMessage) }),
  }),
  /** Says that the viewer takes care of it. Fails: 401, 404, 409 (claimed by someone else; closed). */
  claimReport: mutation({ input: ofReport, output: Report }),
  /** Closes a report, and tells its reporter. Fails: 401, 403 (about an own message), 404, 409 (closed). */
  closeReport: mutation({
    input: ofReport.extend({
      outcome: z.enum(["acted", "dismissed"]),
      answer: text(maxReportAnswer, "An answer").optional(),
    }),
    output: Report,
  }),
}
