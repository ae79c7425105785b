import { shownName } from "../../../views/people.ts"
import { Refusal } from "../../kernel/index.ts"
import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { decideAllowed } from "../decide-allowed.ts"
import { findMessage } from "../messages/store.ts"
import { can } from "../permissions/can.ts"
import { assertNotDeleted, requireMessage, requireServer } from "../permissions/require.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import type { Standing } from "../permissions/standing.ts"
import { findStanding } from "../permissions/store.ts"
import type { Derived, Procedures } from "../services.ts"
import type { Report, reportsContract } from "./contract.ts"
import { freeze } from "./freeze.ts"
import { reportLimit } from "./limits.ts"
import {
  findFrozen,
  findOwnReport,
  findReport,
  findReportServer,
  insertReport,
  listOwnReports,
  listReports,
  type ReportsViewer,
  updateReport,
} from "./store.ts"

const tooMany = "You have reported many messages. Wait a while, then try again"

export const reportsHandlers: Procedures<typeof reportsContract> = {
  reportMessage: {
    resources: ({ ctx, outputs }) => [
      resource.reports(outputs.serverId),
      resource.ownReports(ctx.viewer?.id),
    ],
    async procedure({ inputs, derived, error }) {
      const viewer = derived.requireAuth()
      const { message, standing } = await requireMessage(derived, viewer, inputs.messageId)
      if (standing.kind !== "server") {
        error("Only messages in servers can be reported. You can block this person instead", 400)
      }
      if (message.userId === viewer.id) error("You cannot report your own message", 400)
      assertNotDeleted(message)
      const retryAfterSeconds = await derived.limits.get(reportLimit).take(viewer.id)
      if (retryAfterSeconds > 0) error(tooMany, 429, { retryAfterSeconds })

      const { serverId } = message
      const decision = { viewer, serverId, action: "read" } as const
      return decideAllowed(derived, decision, async ({ tx }) => {
        if (await findOwnReport(tx, viewer.id, message.id)) return reportedBefore()
        const current = await findMessage(tx, message.id)
        if (!current || current.deletedAt) return new Refusal("This message was deleted", 410)

        await insertReport(tx, {
          ...{ id: crypto.randomUUID(), serverId, reporterId: viewer.id, reason: inputs.reason },
          ...{ channelId: current.channelId, messageId: current.id, authorId: current.userId },
          messages: await freeze(tx, current),
        })
        return (await findOwnReport(tx, viewer.id, message.id)) ?? reportedBefore()
      })
    },
  },

  getMyReports: {
    resources: ({ ctx }) => [resource.ownReports(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listOwnReports(derived.db, derived.requireAuth().id)
    },
  },

  getReports: {
    resources: ({ inputs }) => [resource.reports(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server, standing } = await requireServer(derived, viewer, inputs.serverId, "manageMessages")
      return listReports(derived.db, server.id, viewerOf(viewer.id, standing), inputs.status)
    },
  },

  getReport: {
    resources: ({ outputs }) => [resource.reports(outputs.serverId)],
    async procedure({ inputs, derived }) {
      const report = await requireReport(derived, inputs.reportId)
      return { ...report, messages: await findFrozen(derived.db, report.id) }
    },
  },

  claimReport: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      return change(derived, inputs.reportId, async ({ tx }, report) => {
        if (report.status === "claimed" && report.moderatorId !== viewer.id) {
          return new Refusal(`${report.moderatorName ?? "Somebody"} has claimed this report already`, 409)
        }
        await updateReport(tx, report.id, { status: "claimed", moderatorId: viewer.id })
        await record({ tx }, viewer, report, { action: "report.claim" })
        return { ...report, status: "claimed", moderatorId: viewer.id, moderatorName: shownName(viewer) }
      })
    },
  },

  closeReport: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { outcome, answer } = inputs
      return change(derived, inputs.reportId, async ({ tx }, report, standing) => {
        if (report.authorId === viewer.id && !can(standing, "transferServer")) {
          return new Refusal("This is about your own message: another moderator must decide", 403)
        }
        const closed = {
          ...{ status: outcome, moderatorId: viewer.id },
          ...{ answer: answer || null, closedAt: new Date() },
        }
        await updateReport(tx, report.id, closed)
        const action = outcome === "acted" ? "report.act" : "report.dismiss"
        await record({ tx }, viewer, report, { action, answer })
        return { ...report, ...closed, moderatorName: shownName(viewer) }
      })
    },
  },
}

const reportedBefore = () => new Refusal("You have reported this message already", 409)

function resourcesOf({ serverId, reporterId }: Report): Resource[] {
  return [resource.reports(serverId), resource.ownReports(reporterId), resource.auditLog(serverId)]
}

function viewerOf(viewerId: string, standing: Standing): ReportsViewer {
  return { viewerId, seesAll: can(standing, "manageServer") }
}

/** Finds a report for a moderator. Others get the same 404 as for a report that is not there. */
async function requireReport(
  derived: Pick<Derived, "db" | "requireAuth">,
  reportId: string,
): Promise<Report> {
  const viewer = derived.requireAuth()
  const { db } = derived
  const serverId = await findReportServer(db, reportId)
  const standing = serverId === undefined ? undefined : await findStanding(db, viewer, serverId)
  const found =
    standing && can(standing, "manageMessages")
      ? await findReport(db, reportId, viewerOf(viewer.id, standing))
      : undefined
  if (!found) throw noSuchReport()

  return found
}

const noSuchReport = () => new Refusal("There is no such report", 404)

/** Changes a report that is not closed yet. */
async function change(
  derived: Derived,
  reportId: string,
  write: (changes: ChangeSet, report: Report, standing: Standing) => Promise<Report | Refusal>,
): Promise<Report> {
  const viewer = derived.requireAuth()
  const { serverId } = await requireReport(derived, reportId)

  return decideAllowed(derived, { viewer, serverId, action: "manageMessages" }, async (changes) => {
    const standing = await findStanding(changes.tx, viewer, serverId)
    const current = await findReport(changes.tx, reportId, viewerOf(viewer.id, standing))
    if (!current) return noSuchReport()
    if (current.closedAt) return new Refusal("This report is closed already", 409)

    return write(changes, current, standing)
  })
}

interface Recorded {
  action: "report.claim" | "report.act" | "report.dismiss"
  answer?: string
}

function record(
  { tx }: Pick<ChangeSet, "tx">,
  viewer: { id: string; username: string },
  { serverId, authorId, authorName, messageId, reporterName }: Report,
  { action, answer }: Recorded,
): Promise<void> {
  return recordAct(tx, {
    serverId,
    actor: viewer,
    action,
    target: { id: authorId, name: authorName },
    changes: {
      messageId: { after: messageId },
      reporter: { after: reporterName },
      ...(answer && { answer: { after: answer } }),
    },
  })
}
