import type { AccountDeletion } from "../src/features/account-deletions/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { CancelDeletion } from "./deletion-banner.tsx"
import type { PageViewer } from "./layout.tsx"
import { PasswordField } from "./password-fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { AccountName, DialogLink, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface Props {
  viewer: PageViewer
  /** Scheduled already. */
  deletion: AccountDeletion | null
  /** Servers that have to go first: their owner cannot leave the others to nobody. */
  shared: ServerName[]
  /** Servers that nobody else is in. */
  alone: ServerName[]
  /** Those without one have confirmed otherwise who they are. */
  hasPassword: boolean
  state: FormState
}

/** Deleting the viewer's account: what happens to their messages, and when. */
export function DeleteAccountPanel({ viewer, deletion, shared, ...form }: Props) {
  return (
    <FormPanel title="Delete account">
      {deletion !== null && <Scheduled deletion={deletion} clock={viewer.clock} />}
      {shared.length > 0 ? (
        <SharedServers shared={shared} state={form.state} />
      ) : (
        <DeletionForm viewer={viewer} {...form} />
      )}
    </FormPanel>
  )
}

function Scheduled({ deletion, clock }: { deletion: AccountDeletion; clock: Clock }) {
  return (
    <>
      <p role="status">
        Your account will be deleted on <Time at={deletion.dueAt} clock={clock} />
        {deletion.messages === "delete"
          ? ", with everything you wrote"
          : "; what you wrote stays, without your name"}
        . Until then, everything works as before.
      </p>
      <CancelDeletion />
      <h2>Change the deletion</h2>
    </>
  )
}

function SharedServers({ shared, state }: Pick<Props, "shared" | "state">) {
  return (
    <>
      <FormErrors state={state} />
      <p>You own servers with other members. Hand over or delete them first:</p>
      <ul class="links">
        {shared.map(({ id, name }) => (
          <li>
            <bdi safe>{name}</bdi>: <a href={`/servers/${id}/settings/transfer`}>hand over</a> or{" "}
            <DialogLink href={`/servers/${id}/delete`}>delete</DialogLink>
          </li>
        ))}
      </ul>
    </>
  )
}

function DeletionForm({ viewer, alone, hasPassword, state }: Omit<Props, "deletion" | "shared">) {
  return (
    <>
      <p>
        This deletes your account with its settings, bots and memberships. You may want to{" "}
        <a href="/account/data">download your data</a> first.
      </p>
      {alone.length > 0 && (
        <p>
          These servers have no other members and are deleted with your account:{" "}
          <b safe>{alone.map(({ name }) => name).join(", ")}</b>
        </p>
      )}
      <PanelForm action="/account/delete" state={state} submit="Delete account" danger>
        <AccountName viewer={viewer} />
        <Choice name="messages" legend="Your messages" options={messages} state={state} />
        <Choice name="when" legend="When" options={times} state={state} />
        {hasPassword && <PasswordField state={state} />}
      </PanelForm>
    </>
  )
}

type Options = [value: string, label: string][]

const messages: Options = [
  ["keep", "Keep my messages, under a placeholder name"],
  ["delete", "Delete my messages and files everywhere"],
]
const times: Options = [
  ["later", "In 14 days. Until then I can cancel it"],
  ["now", "Now"],
]

/** One of two; the first, unless the other was chosen. */
function Choice({ name, legend, options, state }: ChoiceProps) {
  const chosen = state.values?.[name] || options[0]?.[0]
  return (
    <fieldset class="field deletion-choice">
      <legend safe>{legend}</legend>
      {options.map(([value, label]) => (
        <label>
          <input type="radio" name={name} value={value} checked={value === chosen} />
          <span safe>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface ChoiceProps {
  name: string
  legend: string
  options: Options
  state: FormState
}
