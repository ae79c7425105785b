import { Elysia } from "elysia"
import { shownName } from "../../../views/people.ts"
import {
  MyReportsPanel,
  ReportedPanel,
  ReportPanel,
  ReportSection,
  ReportsSection,
} from "../../../views/reports.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { summaryOf } from "../messages/render.ts"
import { isAdministrator } from "../permissions/administrators.ts"
import { can } from "../permissions/can.ts"
import { assertNotDeleted, requireMessage, requireServer } from "../permissions/require.ts"
import type { Standing } from "../permissions/standing.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, type OfMessage, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"
import { type Report, ReportStatus } from "./contract.ts"

const section = "reports"

type OfServer = Visit & { params: { serverId: string } }
type OfReport = Visit & { params: { serverId: string; reportId: string }; body?: unknown }

/** Reporting a message, the viewer's reports, and the queue of a server's moderators. */
export function reportsRoutes(services: Services) {
  return new Elysia()
    .get("/messages/:messageId/report", (visit) => reportPanel(services, visit))
    .post("/messages/:messageId/report", async (visit) => {
      const { messageId } = visit.params
      const reason = field(visit.body, "reason")
      const { error } = await act(services, visit, "reportMessage", { messageId, reason })
      if (error) return reportPanel(services, visit, error, reason)

      const viewer = await requireViewer(services, visit)
      return panel(visit, viewer, { title: "Reported", markup: <ReportedPanel /> })
    })
    .get("/account/reports", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const reports = orThrow(await act(services, visit, "getMyReports", null))
      const markup = <MyReportsPanel reports={reports} clock={viewer.clock} />
      return panel(visit, viewer, { title: "My reports", markup })
    })
    .get("/servers/:serverId/settings/reports", (visit) => queue(services, visit))
    .get("/servers/:serverId/settings/reports/:reportId", (visit) => report(services, visit))
    .post("/servers/:serverId/settings/reports/:reportId/claim", async (visit) => {
      const { serverId, reportId } = visit.params
      const { error } = await act(services, visit, "claimReport", { reportId })
      if (error) return report(services, visit, error)

      return goTo(visit.request, `/servers/${serverId}/settings/${section}/${reportId}`)
    })
    .post("/servers/:serverId/settings/reports/:reportId/close", async (visit) => {
      const { serverId, reportId } = visit.params
      const answer = field(visit.body, "answer")
      const outcome = field(visit.body, "outcome") === "acted" ? "acted" : "dismissed"
      const { error } = await act(services, visit, "closeReport", { reportId, outcome, answer })
      if (error) return report(services, visit, error, answer)

      return goTo(visit.request, `/servers/${serverId}/settings/${section}`)
    })
}

async function reportPanel(
  services: Services,
  visit: OfMessage,
  error?: ProcedureError,
  reason = "",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { message } = await requireMessage(services, viewer, visit.params.messageId)
  if (!error) assertNotDeleted(message)
  const { id, extras } = message
  const shown = { id, username: extras?.bot?.name ?? shownName(message), summary: summaryOf(message) }
  const state = error ? formState(error, { reason }) : {}
  const markup = <ReportPanel message={shown} state={state} />
  return panel(visit, viewer, { title: "Report message", markup, error })
}

async function queue(services: Services, visit: OfServer): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageMessages")
  const { server } = access
  const status = ReportStatus.safeParse(new URL(visit.request.url).searchParams.get("status")).data
  const reports = orThrow(await act(services, visit, "getReports", { serverId: server.id, status }))
  const props = { server, reports, status, clock: viewer.clock }
  return settingsPage(services, visit, {
    ...{ ...access, viewer, section, title: "Reports" },
    markup: <ReportsSection {...props} />,
  })
}

async function report(
  services: Services,
  visit: OfReport,
  error?: ProcedureError,
  answer = "",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { serverId, reportId } = visit.params
  const access = await requireServer(services, viewer, serverId, "manageMessages")
  if (error?.code === 404) throw refusalOf(error)

  const found = orThrow(await act(services, visit, "getReport", { reportId }))
  const props = {
    ...{ server: access.server, report: found, viewerId: viewer.id, clock: viewer.clock },
    links: linksFor(found, access.standing, await isAdministrator(services.db, viewer.id)),
    state: error ? formState(error, { answer }) : {},
  }
  return settingsPage(services, visit, {
    ...{ ...access, viewer, section, error, title: "Report" },
    markup: <ReportSection {...props} />,
  })
}

/** Pages where the viewer can do something about the message and its author. */
function linksFor(
  { serverId, messageId, authorId, channelName }: Report,
  standing: Standing,
  isAdmin: boolean,
) {
  const member = `/servers/${serverId}/members/${authorId}`
  return [
    ...(channelName === null ? [] : [{ label: "Show in channel", href: `/messages/${messageId}` }]),
    ...(channelName === null ? [] : [{ label: "Delete message", href: `/messages/${messageId}/delete` }]),
    { label: "Delete their messages", href: `${member}/purge` },
    ...(can(standing, "timeOutMembers") ? [{ label: "Time out", href: `${member}/timeout` }] : []),
    ...(can(standing, "kickMembers") ? [{ label: "Remove member", href: `${member}/remove` }] : []),
    ...(can(standing, "banMembers") ? [{ label: "Ban", href: `${member}/ban` }] : []),
    // With a button for spam.
    ...(isAdmin ? [{ label: "Administration of the account", href: `/admin/people/${authorId}` }] : []),
  ]
}
