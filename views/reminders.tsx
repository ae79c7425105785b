import type { Message } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import { maxReminderNote, type Reminder } from "../src/features/reminders/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { DefaultSubmit, DueButtons, DueField, type DueTime } from "./due-times.tsx"
import { ListedMessage } from "./listed.tsx"
import { shownName } from "./people.ts"
import { Time } from "./times.tsx"
import { DialogLink, Field, FormErrors, FormPanel, type FormState, PanelForm, PanelLink } from "./ui.tsx"

interface RemindProps {
  message: Message
  times: DueTime[]
  clock: Clock
  state: FormState
}

/** When somebody wants to see a message again. */
export function RemindPanel({ message, times, clock, state }: RemindProps) {
  const action = `/messages/${message.id}/remind`
  return (
    <FormPanel title="Remind me">
      <About message={message} />
      <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
        <FormErrors state={state} />
        <DefaultSubmit />
        <DueButtons times={times} clock={clock} />
        <DueField label="At another time" clock={clock} state={state} />
        <NoteField state={state} />
        <p class="actions">
          <button class="primary" type="submit">
            Remind me
          </button>
          <DialogLink class="button quiet" href="/reminders">
            All reminders
          </DialogLink>
        </p>
      </form>
    </FormPanel>
  )
}

/** The reminders that are still to come: the content of a panel or a page. */
export function Reminders({ reminders, clock, isInPage, notice, state }: ListProps) {
  return (
    <>
      {notice !== undefined && (
        <p role="status" safe>
          {notice}
        </p>
      )}
      <FormErrors state={state} />
      {reminders.length === 0 && (
        <p class="hint">
          No reminders. To set one, open “More” beside a message and choose “Remind me”. When it is due, the
          message is in your inbox.
        </p>
      )}
      <ul class="listed-messages">
        {reminders.map((reminder) => (
          <ReminderRow {...reminder} clock={clock} isInPage={isInPage} />
        ))}
      </ul>
    </>
  )
}

interface ListProps {
  reminders: Reminder[]
  clock: Clock
  /** Not in the dialog: what it links to is a page, too. */
  isInPage: boolean
  /** The result of the last form. */
  notice?: string
  state: FormState
}

function ReminderRow({ id, message, dueAt, note, clock, isInPage, ...place }: RowProps) {
  const action = `/reminders/${id}/delete`
  return (
    <ListedMessage message={message} clock={clock} where={whereOf(place)}>
      <div class="listed-more">
        <p>
          Reminds you <Time at={dueAt} clock={clock} />
          {note !== "" && <span safe>{`: ${note}`}</span>}
        </p>
        <PanelLink class="button quiet" href={`/reminders/${id}`} isInPage={isInPage}>
          Change
        </PanelLink>
        <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
          <button class="quiet" type="submit">
            Remove
          </button>
        </form>
      </div>
    </ListedMessage>
  )
}

type RowProps = Reminder & Pick<ListProps, "clock" | "isInPage">

/** A channel with its server, or the name of a conversation. */
export function whereOf({ serverName, channelName }: { serverName: string; channelName: string }): string {
  return serverName === "" ? channelName : `#${channelName}, ${serverName}`
}

/** A reminder that is still to come: the content of a panel or a page. */
export function EditReminder({ reminder, clock, state }: EditProps) {
  return (
    <>
      <About message={reminder.message} />
      <PanelForm action={`/reminders/${reminder.id}`} submit="Save" state={state}>
        <DueField label="When" clock={clock} state={state} />
        <NoteField state={state} />
      </PanelForm>
    </>
  )
}

interface EditProps {
  reminder: Reminder
  clock: Clock
  state: FormState
}

function About({ message }: { message: Message }) {
  return (
    <blockquote class="about" dir="auto">
      <b>
        <bdi safe>{message.extras?.bot?.name ?? shownName(message)}</bdi>
      </b>
      : <span safe>{summaryOf(message)}</span>
    </blockquote>
  )
}

function NoteField({ state }: { state: FormState }) {
  return (
    <Field
      name="note"
      label="Note"
      state={state}
      hint="Optional. Only you see it"
      maxlength={maxReminderNote}
      autocomplete="off"
    />
  )
}
