import { escapeHtml } from "@kitajs/html"
import { formatBytes, type UploadedFile } from "../src/features/files/contract.ts"
import { maxContentLength } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import type { ScheduledMessage } from "../src/features/scheduled-messages/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { DefaultSubmit, DueButtons, DueField, type DueTime } from "./due-times.tsx"
import { Attachments } from "./files.tsx"
import { Icon } from "./icons.tsx"
import { whereOf } from "./reminders.tsx"
import { Time } from "./times.tsx"
import {
  CancelButton,
  DialogLink,
  FieldError,
  FormErrors,
  FormPanel,
  type FormState,
  LengthNote,
  PanelLink,
} from "./ui.tsx"

/** In the composer: takes what is written to the choice of a time. */
export function SendLaterButton({ address }: { address: string }) {
  const to = `${address}/scheduled/new`
  return (
    <button
      type="submit"
      class="quiet send-later"
      formaction={to}
      formtarget="_top"
      formnovalidate
      hx-post={to}
      hx-target="#dialog-body"
      hx-swap="innerHTML"
      aria-label="Schedule"
      title="Schedule message"
    >
      <Icon name="clock" />
    </button>
  )
}

interface SendLaterProps {
  /** The room's. */
  address: string
  times: DueTime[]
  /** What was attached in the composer. */
  files: UploadedFile[]
  clock: Clock
  state: FormState
}

/** When a message is to be sent. */
export function SendLaterPanel({ address, times, files, clock, state }: SendLaterProps) {
  const action = `${address}/scheduled`
  return (
    <FormPanel title="Send later">
      <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
        <FormErrors state={state} />
        <DefaultSubmit />
        <input
          type="hidden"
          name="formId"
          value={escapeHtml(state.values?.formId ?? "")}
          autocomplete="off"
        />
        <input type="hidden" name="replyTo" value={escapeHtml(state.values?.replyTo ?? "")} />
        <TextField state={state} />
        <FileChoice files={files} hint="Files that are not checked are not sent." />
        <DueButtons times={times} clock={clock} />
        <DueField label="At another time" clock={clock} state={state} />
        <p class="hint">Your permissions are checked when it is sent.</p>
        <p class="actions">
          <button class="primary" type="submit">
            Schedule
          </button>
          <DialogLink class="button quiet" href="/scheduled">
            Scheduled messages
          </DialogLink>
        </p>
      </form>
    </FormPanel>
  )
}

function TextField({ state }: { state: FormState }) {
  const error = state.errors?.content
  return (
    <p class="field">
      <label for="later-content">Message</label>
      <textarea
        id="later-content"
        name="content"
        rows="3"
        dir="auto"
        data-max-length={String(maxContentLength)}
        aria-invalid={error ? "true" : undefined}
        aria-describedby={error ? "content-error" : undefined}
        safe
      >
        {/* A line break right after the tag is not part of the text (WHATWG HTML, 13.2.6.4.7). */}
        {`\n${state.values?.content ?? ""}`}
      </textarea>
      <LengthNote />
      <FieldError name="content" error={error} />
    </p>
  )
}

interface FileChoiceProps {
  files: UploadedFile[]
  /** Ids of those that are left out. */
  removed?: string[]
  hint: string
}

/** The files of a message, which may be left out. */
function FileChoice({ files, removed = [], hint }: FileChoiceProps) {
  if (files.length === 0) return ""

  return (
    <fieldset class="plain kept-files" aria-describedby="kept-files-hint">
      <legend>Files</legend>
      {files.map(({ id, name, bytes }) => (
        <label class="check">
          <input type="checkbox" name="files" value={escapeHtml(id)} checked={!removed.includes(id)} />
          <span>
            <bdi safe>{name}</bdi> <small class="hint" safe>{`(${formatBytes(bytes)})`}</small>
          </span>
        </label>
      ))}
      <small id="kept-files-hint" class="hint" safe>
        {hint}
      </small>
    </fieldset>
  )
}

interface ListProps {
  scheduled: ScheduledMessage[]
  clock: Clock
  /** Not in the dialog: what it links to is a page, too. */
  isInPage: boolean
  /** The viewer chose reduced motion. */
  isStill: boolean
  /** The result of the last form. */
  notice?: string
  state?: FormState
}

/** The messages that wait, and those that could not be sent: the content of a panel or a page. */
export function ScheduledMessages({ scheduled, clock, isInPage, isStill, notice, state = {} }: ListProps) {
  return (
    <>
      {notice !== undefined && (
        <p role="status" safe>
          {notice}
        </p>
      )}
      <FormErrors state={state} />
      {scheduled.length === 0 && (
        <p class="hint">No scheduled messages. Write one, and choose “Schedule” beside “Send”.</p>
      )}
      <ul class="scheduled">
        {scheduled.map((message) => (
          <li>
            <ScheduledRow {...message} clock={clock} isInPage={isInPage} isStill={isStill} />
          </li>
        ))}
      </ul>
    </>
  )
}

type RowProps = ScheduledMessage & Pick<ListProps, "clock" | "isInPage" | "isStill">

function ScheduledRow({ id, content, files, dueAt, failure, clock, isInPage, isStill, ...place }: RowProps) {
  return (
    <article>
      <p class="hint">
        <Time at={dueAt} clock={clock} /> in <bdi safe>{whereOf(place)}</bdi>
      </p>
      {content !== "" && (
        <p class="listed-text" dir="auto" safe>
          {summaryOf({ content, extras: null })}
        </p>
      )}
      <Attachments files={files} isStill={isStill} />
      {failure !== null && (
        <p class="error">
          Not sent: <span safe>{failure}</span>
        </p>
      )}
      <div class="actions">
        <PanelLink class="button quiet" href={`/scheduled/${id}`} isInPage={isInPage}>
          Edit
        </PanelLink>
        <RowButton action={`/scheduled/${id}/send`} label="Send now" />
        <RowButton action={`/scheduled/${id}/cancel`} label="Cancel message" />
      </div>
    </article>
  )
}

function RowButton({ action, label }: { action: string; label: string }) {
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <button class="quiet" type="submit" safe>
        {label}
      </button>
    </form>
  )
}

/** A message that was not sent yet, or could not be: the content of a panel or a page. */
export function EditScheduled({ scheduled, files, removed, clock, state }: EditProps) {
  const { id, failure, ...place } = scheduled
  const action = `/scheduled/${id}`
  return (
    <>
      <p class="hint">
        In <bdi safe>{whereOf(place)}</bdi>
      </p>
      {failure !== null && (
        <p class="error">
          Not sent: <span safe>{failure}</span>
        </p>
      )}
      <form
        method="post"
        action={action}
        enctype="multipart/form-data"
        hx-post={action}
        hx-target="#dialog-body"
        hx-swap="innerHTML"
      >
        <FormErrors state={state} />
        <TextField state={state} />
        <FileChoice files={files} removed={removed} hint="Files that are not checked are removed." />
        <p class="field">
          <label for="more-files">Add files</label>
          <input id="more-files" type="file" name="files" multiple />
        </p>
        <DueField label="When" clock={clock} state={state} />
        <p class="actions">
          <button type="submit" class="primary">
            Save
          </button>
          <CancelButton />
        </p>
      </form>
    </>
  )
}

interface EditProps {
  scheduled: ScheduledMessage
  /** Those that it has, and after a form that was refused those that came with it. */
  files: UploadedFile[]
  /** Ids of files that such a form left out. */
  removed: string[]
  clock: Clock
  state: FormState
}
