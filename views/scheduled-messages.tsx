import { escapeHtml } from "@kitajs/html"
import { maxContentLength } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import type { ScheduledMessage } from "../src/features/scheduled-messages/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { DefaultSubmit, DueButtons, DueField, type DueTime } from "./due-times.tsx"
import { Icon } from "./icons.tsx"
import { whereOf } from "./reminders.tsx"
import { Time } from "./times.tsx"
import {
  DialogLink,
  FieldError,
  FormErrors,
  FormPanel,
  type FormState,
  LengthNote,
  PanelForm,
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
      formenctype="application/x-www-form-urlencoded"
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
  clock: Clock
  state: FormState
}

/** When a message is to be sent. */
export function SendLaterPanel({ address, times, clock, state }: SendLaterProps) {
  const action = `${address}/scheduled`
  return (
    <FormPanel title="Send later">
      <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
        <FormErrors state={state} />
        <DefaultSubmit />
        <input type="hidden" name="id" value={escapeHtml(state.values?.id ?? "")} />
        <input type="hidden" name="replyTo" value={escapeHtml(state.values?.replyTo ?? "")} />
        <TextField state={state} />
        <DueButtons times={times} clock={clock} />
        <DueField label="At another time" clock={clock} state={state} />
        <p class="hint">
          Your permissions are checked when it is sent. Files cannot be sent later: they stay in the composer.
        </p>
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

interface ListProps {
  scheduled: ScheduledMessage[]
  clock: Clock
  /** The result of the last form. */
  notice?: string
  state?: FormState
}

/** The messages that wait, and those that could not be sent. */
export function ScheduledPanel({ scheduled, clock, notice, state = {} }: ListProps) {
  return (
    <FormPanel title="Scheduled messages">
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
            <ScheduledRow {...message} clock={clock} />
          </li>
        ))}
      </ul>
    </FormPanel>
  )
}

function ScheduledRow({ id, content, dueAt, failure, clock, ...place }: ScheduledMessage & { clock: Clock }) {
  return (
    <article>
      <p class="hint">
        <Time at={dueAt} clock={clock} /> in <bdi safe>{whereOf(place)}</bdi>
      </p>
      <p class="listed-text" dir="auto" safe>
        {summaryOf({ content, extras: null })}
      </p>
      {failure !== null && (
        <p class="error">
          Not sent: <span safe>{failure}</span>
        </p>
      )}
      <div class="actions">
        <DialogLink class="button quiet" href={`/scheduled/${id}`}>
          Edit
        </DialogLink>
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

/** A message that was not sent yet, or could not be. */
export function EditScheduledPanel({ scheduled, clock, state }: EditProps) {
  const { id, failure, ...place } = scheduled
  return (
    <FormPanel title="Scheduled message">
      <p class="hint">
        In <bdi safe>{whereOf(place)}</bdi>
      </p>
      {failure !== null && (
        <p class="error">
          Not sent: <span safe>{failure}</span>
        </p>
      )}
      <PanelForm action={`/scheduled/${id}`} submit="Save" state={state}>
        <TextField state={state} />
        <DueField label="When" clock={clock} state={state} />
      </PanelForm>
    </FormPanel>
  )
}

interface EditProps {
  scheduled: ScheduledMessage
  clock: Clock
  state: FormState
}
