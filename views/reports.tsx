import {
  type FrozenMessage,
  maxReportAnswer,
  maxReportReason,
  type OwnReport,
  type Report,
  type ReportStatus,
} from "../src/features/reports/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { TextArea } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Avatar, DialogLink, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

const statusNames: Record<ReportStatus, string> = {
  open: "Open",
  claimed: "Claimed",
  acted: "Action taken",
  dismissed: "Dismissed",
}

interface ReportPanelProps {
  message: { id: string; username: string; summary: string }
  state: FormState
}

/** Reporting a message. */
export function ReportPanel({ message, state }: ReportPanelProps) {
  return (
    <FormPanel title="Report message">
      <blockquote class="about" dir="auto">
        <b>
          <bdi safe>{message.username}</bdi>
        </b>
        : <span safe>{message.summary}</span>
      </blockquote>
      <p class="hint">
        The moderators of this server see it with the messages around it, and that you reported it. Others do
        not.
      </p>
      <PanelForm action={`/messages/${message.id}/report`} state={state} submit="Report">
        <TextArea
          name="reason"
          label="What is wrong with it?"
          state={state}
          maxlength={maxReportReason}
          required
        />
      </PanelForm>
    </FormPanel>
  )
}

/** That it was reported. */
export function ReportedPanel() {
  return (
    <FormPanel title="Reported">
      <p>Thank you. The moderators will look at it.</p>
      <p>
        <DialogLink href="/account/reports">My reports</DialogLink>
      </p>
    </FormPanel>
  )
}

/** What someone reported, and what came of it. */
export function MyReportsPanel({ reports, clock }: { reports: OwnReport[]; clock: Clock }) {
  return (
    <FormPanel title="My reports">
      {reports.length === 0 && <p class="empty">No reports. To report a message, open “More” beside it.</p>}
      <ul class="reports">
        {reports.map((report) => (
          <li>
            <p>
              <b safe>{statusNames[report.status]}</b>{" "}
              <small class="hint">
                <bdi safe>{report.serverName}</bdi> · <Time at={report.createdAt} clock={clock} />
              </small>
            </p>
            <p dir="auto" safe>
              {report.reason}
            </p>
            {report.answer !== null && (
              <blockquote class="about" dir="auto">
                <b>Moderators:</b> <span safe>{report.answer}</span>
              </blockquote>
            )}
          </li>
        ))}
      </ul>
    </FormPanel>
  )
}

interface QueueProps {
  server: ServerName
  reports: Report[]
  /** `undefined`: those that wait. */
  status?: ReportStatus
  clock: Clock
}

const views: [status: ReportStatus | undefined, name: string][] = [
  [undefined, "Waiting"],
  ["acted", "Action taken"],
  ["dismissed", "Dismissed"],
]

/** The reports of a server. */
export function ReportsSection({ server, reports, status, clock }: QueueProps) {
  const address = `/servers/${server.id}/settings/reports`
  return (
    <>
      <nav class="report-views" aria-label="Reports by status">
        {views.map(([each, name]) => (
          <a
            href={each === undefined ? address : `${address}?status=${each}`}
            aria-current={each === status ? "page" : undefined}
          >
            {name as "safe"}
          </a>
        ))}
      </nav>
      {reports.length === 0 && <p class="empty">No reports.</p>}
      <ul class="reports">
        {reports.map((report) => (
          <li>
            <p>
              <a href={`${address}/${report.id}`}>
                A message by <bdi safe>{report.authorName}</bdi>
              </a>{" "}
              <small class="hint">
                <span safe>{`#${report.channelName ?? "deleted channel"}`}</span> · reported by{" "}
                <bdi safe>{report.reporterName}</bdi> <Time at={report.createdAt} clock={clock} />
              </small>
            </p>
            <p dir="auto" safe>
              {report.reason}
            </p>
            <StatusLine report={report} />
          </li>
        ))}
      </ul>
    </>
  )
}

function StatusLine({ report }: { report: Report }) {
  if (report.status === "open") return ""
  return (
    <p>
      <small class="hint">
        {statusNames[report.status] as "safe"} by <bdi safe>{report.moderatorName ?? "nobody"}</bdi>
      </small>
    </p>
  )
}

interface ReportProps {
  server: ServerName
  report: Report & { messages: FrozenMessage[] }
  viewerId: string
  /** What the viewer may do about the message and its author: links to the pages that do it. */
  links: { label: string; href: string }[]
  clock: Clock
  state: FormState
}

/** One report, with the message as it was among its neighbours. */
export function ReportSection({ server, report, viewerId, links, clock, state }: ReportProps) {
  const address = `/servers/${server.id}/settings/reports`
  const isClosed = report.closedAt !== null
  const mayClaim = report.status === "open"
  return (
    <>
      <p>
        <a class="way-back" href={address}>
          All reports
        </a>
      </p>
      <p>
        Reported by <bdi safe>{report.reporterName}</bdi> <Time at={report.createdAt} clock={clock} />:{" "}
        <q dir="auto" safe>
          {report.reason}
        </q>
      </p>
      <StatusLine report={report} />
      {report.answer !== null && (
        <blockquote class="about" dir="auto">
          <b>Answer:</b> <span safe>{report.answer}</span>
        </blockquote>
      )}
      <h2>
        In <span safe>{`#${report.channelName ?? "a deleted channel"}`}</span>, as it was then
      </h2>
      <ol class="frozen">
        {report.messages.map((message) => (
          <Frozen message={message} isReported={message.id === report.messageId} clock={clock} />
        ))}
      </ol>
      <p class="actions">
        {links.map(({ label, href }) => (
          <a class="button" href={href} safe>
            {label}
          </a>
        ))}
      </p>
      {mayClaim && (
        <form method="post" action={`${address}/${report.id}/claim`}>
          <p class="actions">
            <button type="submit">Claim</button>
          </p>
          <small class="hint">Tells other moderators that you take care of it.</small>
        </form>
      )}
      {!isClosed && report.authorId !== viewerId && (
        <CloseForm action={`${address}/${report.id}/close`} state={state} />
      )}
    </>
  )
}

function Frozen({
  message,
  isReported,
  clock,
}: {
  message: FrozenMessage
  isReported: boolean
  clock: Clock
}) {
  const { userId, username, content, attached, isEdited, isDeleted } = message
  return (
    <li class={isReported ? "reported" : undefined}>
      <Avatar userId={userId} name={username} />
      <div>
        <p>
          <b>
            <bdi safe>{username}</bdi>
          </b>{" "}
          <small class="hint">
            <Time at={message.createdAt} clock={clock} />
            {isEdited && " (edited)"}
            {isReported && " · reported"}
          </small>
        </p>
        <p class="frozen-text" dir="auto" safe>
          {isDeleted ? "Message deleted" : content}
        </p>
        {attached.map((text) => (
          <p class="hint" dir="auto" safe>
            {text}
          </p>
        ))}
      </div>
    </li>
  )
}

function CloseForm({ action, state }: { action: string; state: FormState }) {
  return (
    <form method="post" action={action} class="form-rows">
      <FormErrors state={state} />
      <TextArea
        name="answer"
        label="Answer to the reporter"
        state={state}
        maxlength={maxReportAnswer}
        hint="Optional. They see it with the outcome."
      />
      <p class="actions">
        <button class="primary" type="submit" name="outcome" value="acted">
          Close: action taken
        </button>
        <button type="submit" name="outcome" value="dismissed">
          Dismiss
        </button>
      </p>
    </form>
  )
}
