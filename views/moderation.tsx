import { escapeHtml } from "@kitajs/html"
import { type Option, Select } from "./fields.tsx"
import { memberAddress } from "./member-roles.tsx"
import type { ServerName } from "./shell.tsx"
import { DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** Longest reason, in UTF-16 code units. */
const maxReason = 512

/** Why a moderator acts: kept in the audit log. */
export function ReasonField({ state }: { state: FormState }) {
  return (
    <Field
      name="reason"
      label="Reason"
      state={state}
      hint="Optional. Shown in the audit log."
      maxlength={maxReason}
      autocomplete="off"
    />
  )
}

export const minute = 60
export const hour = 60 * minute
const day = 24 * hour

export const timeoutOptions: Option[] = [
  { value: String(minute), label: "1 minute" },
  { value: String(5 * minute), label: "5 minutes" },
  { value: String(10 * minute), label: "10 minutes" },
  { value: String(hour), label: "1 hour" },
  { value: String(day), label: "1 day" },
  { value: String(7 * day), label: "1 week" },
  { value: String(28 * day), label: "28 days" },
]

export const banOptions: Option[] = [
  { value: "", label: "Permanently" },
  { value: String(hour), label: "1 hour" },
  { value: String(day), label: "1 day" },
  { value: String(7 * day), label: "1 week" },
  { value: String(30 * day), label: "30 days" },
  { value: String(365 * day), label: "1 year" },
]

export const deletionOptions: Option[] = [
  { value: "0", label: "None" },
  { value: String(hour), label: "Last hour" },
  { value: String(day), label: "Last day" },
  { value: String(7 * day), label: "Last 7 days" },
]

const purgeOptions: Option[] = [
  { value: "10", label: "The last 10" },
  { value: "100", label: "The last 100" },
  { value: "1000", label: "The last 1,000" },
  // Not the empty value: that would be the one which is chosen at first.
  { value: "all", label: "All" },
]

const purgeTimes: Option[] = [
  { value: "", label: "Any time" },
  { value: String(hour), label: "Last hour" },
  { value: String(day), label: "Last day" },
  { value: String(7 * day), label: "Last 7 days" },
]

interface Person {
  userId: string
  username: string
}

interface MenuProps {
  server: ServerName
  member: Person
  may: { kick: boolean; ban: boolean; timeOut: boolean; purge: boolean; name: boolean }
  /** Roles are given on a page of their own. */
  mayGiveRoles: boolean
  isTimedOut: boolean
  /** The message that it was opened from. */
  messageId?: string
}

/** What a moderator may do to a person: each is a form of its own, which asks for a reason. */
export function ModeratePanel({ server, member, may, mayGiveRoles, isTimedOut, messageId }: MenuProps) {
  const address = `/servers/${server.id}/members/${member.userId}`
  const links = [
    may.name && { href: `${address}/nickname`, label: "Change nickname" },
    may.timeOut && { href: `${address}/timeout`, label: "Time out" },
    may.timeOut && isTimedOut && { href: `${address}/timeout/end`, label: "End timeout" },
    messageId !== undefined && { href: `/messages/${messageId}/delete`, label: "Delete this message" },
    may.purge && { href: `${address}/purge`, label: "Delete their messages" },
    may.kick && { href: `${address}/remove`, label: "Remove from the server" },
    may.ban && { href: `${address}/ban`, label: "Ban" },
  ].filter((link) => link !== false)
  return (
    <FormPanel title="Moderate">
      <p>
        <bdi safe>{member.username}</bdi> in <bdi safe>{server.name}</bdi>
      </p>
      {links.length === 0 && <p class="empty">You cannot moderate this person</p>}
      <ul class="message-actions">
        {mayGiveRoles && (
          <li>
            <a href={escapeHtml(memberAddress(server, member.userId))}>Change roles</a>
          </li>
        )}
        {links.map(({ href, label }) => (
          <li>
            <DialogLink href={escapeHtml(href)}>
              <span safe>{label}</span>
            </DialogLink>
          </li>
        ))}
      </ul>
    </FormPanel>
  )
}

interface FormProps {
  server: ServerName
  member: Person
  state: FormState
}

export function TimeoutPanel({ server, member, state }: FormProps) {
  return (
    <FormPanel title="Time out">
      <p>
        <bdi safe>{member.username}</bdi> can only read until it ends.
      </p>
      <PanelForm
        action={`/servers/${server.id}/members/${member.userId}/timeout`}
        state={state}
        submit="Time out"
        danger
      >
        <Select name="seconds" label="For" options={timeoutOptions} state={state} />
        <ReasonField state={state} />
      </PanelForm>
    </FormPanel>
  )
}

export function EndTimeoutPanel({ server, member, state }: FormProps) {
  return (
    <FormPanel title="End timeout">
      <p>
        <bdi safe>{member.username}</bdi> can write again.
      </p>
      <PanelForm
        action={`/servers/${server.id}/members/${member.userId}/timeout/end`}
        state={state}
        submit="End timeout"
      >
        <ReasonField state={state} />
      </PanelForm>
    </FormPanel>
  )
}

export function NicknamePanel({ server, member, state }: FormProps) {
  return (
    <FormPanel title="Nickname">
      <PanelForm
        action={`/servers/${server.id}/members/${member.userId}/nickname`}
        state={state}
        submit="Save"
      >
        <Field
          name="nickname"
          label={`Nickname of ${member.username}`}
          state={state}
          hint="Leave empty to use their own name."
          maxlength={32}
          autocomplete="off"
        />
      </PanelForm>
    </FormPanel>
  )
}

export function PurgePanel({ server, member, state, channels }: FormProps & { channels: Option[] }) {
  return (
    <FormPanel title="Delete messages">
      <p>
        Deletes messages of <bdi safe>{member.username}</bdi>.
      </p>
      <PanelForm
        action={`/servers/${server.id}/members/${member.userId}/purge`}
        state={state}
        submit="Delete messages"
        danger
      >
        <Select name="limit" label="Messages" options={purgeOptions} state={state} />
        <Select name="seconds" label="Sent" options={purgeTimes} state={state} />
        <Select
          name="channelId"
          label="Where"
          options={[{ value: "", label: "In all channels that you moderate" }, ...channels]}
          state={state}
        />
        <ReasonField state={state} />
      </PanelForm>
    </FormPanel>
  )
}

interface ActDoneProps {
  server: ServerName
  undoId: string
  /** What was done, as a sentence. */
  done: string
  /** 0: too late to undo it. */
  secondsLeft: number
  error?: string
}

/** After an act: what was done, with a button that undoes it. */
export function ActDonePanel({ server, undoId, done, secondsLeft, error }: ActDoneProps) {
  const address = `/servers/${server.id}/acts/${undoId}/undo`
  return (
    <FormPanel title="Done">
      <p role="status">
        <span safe>{done}</span>.{" "}
        {secondsLeft > 0
          ? `You can undo this for ${secondsLeft} ${secondsLeft === 1 ? "second" : "seconds"}.`
          : "It is too late to undo this."}
      </p>
      {secondsLeft > 0 && <PanelForm action={address} state={{ error }} submit="Undo" />}
    </FormPanel>
  )
}

export function UndonePanel({ error }: { error?: string }) {
  return (
    <FormPanel title={error ? "Not undone" : "Undone"}>
      <p role={error ? "alert" : "status"} safe>
        {error ?? "Everything is as it was"}
      </p>
    </FormPanel>
  )
}
