import { escapeHtml } from "@kitajs/html"
import type { AdministeredPerson, InstanceEntry } from "../src/features/administration/contract.ts"
import type { Session } from "../src/features/sessions/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { type Sum, SumTable, sizeOf } from "./administration.tsx"
import { deviceName } from "./devices.ts"
import { Select } from "./fields.tsx"
import { InstanceLog } from "./instance-log.tsx"
import { SessionTimes } from "./sessions.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

export function Badges({ person }: { person: AdministeredPerson }) {
  return (
    <>
      {person.isAdministrator && <span class="badge">administrator</span>}
      {person.isSuspended && <span class="badge">suspended</span>}
      {person.waitingSince !== null && <span class="badge">waiting</span>}
    </>
  )
}

export function LastSeen({
  person: { lastSeenAt, sessions },
  clock,
}: {
  person: AdministeredPerson
  clock: Clock
}) {
  if (!lastSeenAt) return <span>Not logged in</span>

  return (
    <>
      <span>Last seen </span>
      <Time at={lastSeenAt} clock={clock} />
      <span safe>{` · ${sessions === 1 ? "1 session" : `${sessions} sessions`}`}</span>
    </>
  )
}

const suspensions = [
  { value: "", label: "Until an administrator ends it" },
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "7 days" },
  { value: "720", label: "30 days" },
]

interface PersonProps {
  person: AdministeredPerson
  acts: InstanceEntry[]
  /** What their files take, by kind. */
  kinds: Sum[]
  sessions: SessionOfPerson[]
  clock: Clock
  /** A new address for a password: it is shown once. */
  resetUrl?: string
  /** What was done. */
  done?: string
  state: FormState
}

/** One person, and what can be done about them. */
export function PersonDetails({ person, acts, kinds, sessions, clock, resetUrl, done, state }: PersonProps) {
  const { username } = person
  return (
    <>
      <p>
        <Badges person={person} />
      </p>
      <FormErrors state={state} />
      {done !== undefined && (
        <p role="status" safe>
          {done}
        </p>
      )}
      {resetUrl !== undefined && (
        <div class="secret" role="status">
          <p>
            With this link <bdi safe>{username}</bdi> sets a new password. It works once, for 15 minutes, and
            is shown only once.
          </p>
          <input class="link" type="text" readonly value={escapeHtml(resetUrl)} aria-label="Link" />
        </div>
      )}
      <p>
        <LastSeen person={person} clock={clock} />
        <span safe>{` · ${sizeOf(person.fileBytes)} of files · signed up `}</span>
        <Time at={person.createdAt} clock={clock} />
      </p>
      {person.isSuspended && <Suspended person={person} clock={clock} />}
      {person.waitingSince !== null && <Application person={person} />}
      <PersonSessions sessions={sessions} clock={clock} />
      <Spam person={person} />
      <PersonActs person={person} />
      <SumTable caption="Files by kind" of="Kind" sums={kinds} />
      <h2>History</h2>
      <InstanceLog entries={acts} clock={clock} />
    </>
  )
}

type SessionOfPerson = Omit<Session, "isCurrent">

/** Where a person is logged in. */
function PersonSessions({ sessions, clock }: { sessions: SessionOfPerson[]; clock: Clock }) {
  return (
    <>
      <h2>Devices</h2>
      {sessions.length === 0 && <p class="empty">Not logged in</p>}
      <ul class="entries">
        {sessions.map(({ userAgent, ipAddress, createdAt, updatedAt }) => (
          <li>
            <span class="grow">
              <b safe>{deviceName(userAgent)}</b>
              <br />
              <small class="hint">
                <SessionTimes createdAt={createdAt} updatedAt={updatedAt} clock={clock} />
                {ipAddress !== null && <span safe>{`, from ${ipAddress}`}</span>}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** One button for what advertises: it comes in numbers. */
function Spam({ person: { id } }: { person: AdministeredPerson }) {
  return (
    <form method="post" action={`/admin/people/${id}/spam`}>
      <p class="hint" id="spam-hint">
        Against spam: suspends the account until an administrator ends it, and permanently deletes all
        messages of the account, its bots and its webhooks.
      </p>
      <p class="actions">
        <button class="danger" type="submit" aria-describedby="spam-hint">
          Suspend and delete all messages
        </button>
      </p>
    </form>
  )
}

/** What can be done about a person. */
function PersonActs({ person }: { person: AdministeredPerson }) {
  const { id, isAdministrator } = person
  return (
    <>
      <details>
        <summary>New password</summary>
        <ActForm id={id} act="reset-link" submit="Create a link for a new password" />
      </details>
      <details>
        <summary>Sessions</summary>
        <ActForm id={id} act="sessions" submit="Log out all devices" />
      </details>
      <details>
        <summary>Second factor</summary>
        <p>
          For people who have lost theirs. Afterwards their password alone logs them in. Logs out all devices.
        </p>
        <ActForm id={id} act="remove-factor" submit="Remove the second factor" />
      </details>
      {!person.isSuspended && (
        <details>
          <summary>Suspend</summary>
          <form method="post" action={`/admin/people/${id}/suspend`}>
            <p>Ends all sessions and bots of this person at once, and refuses to log them in.</p>
            <Select name="hours" label="For how long" options={suspensions} state={{}} />
            <AdministrationReason id={`${id}-suspend`} />
            <p class="actions">
              <button class="danger" type="submit">
                Suspend
              </button>
            </p>
          </form>
        </details>
      )}
      <details>
        <summary>Administration</summary>
        <ActForm
          id={id}
          act={isAdministrator ? "no-administrator" : "administrator"}
          submit={isAdministrator ? "Remove administrator" : "Make administrator"}
        />
      </details>
      <DeletePerson person={person} />
    </>
  )
}

function DeletePerson({ person: { id, username } }: { person: AdministeredPerson }) {
  return (
    <details>
      <summary>Delete</summary>
      <form method="post" action={`/admin/people/${id}/delete`}>
        <p>
          This permanently deletes the account with its bots. Its messages stay, without the name. Servers
          must be handed over first.
        </p>
        <Field
          name="confirmation"
          label={`Type ${username} to confirm`}
          state={{}}
          required
          autocomplete="off"
        />
        <AdministrationReason id={`${id}-delete`} />
        <p class="actions">
          <button class="danger" type="submit">
            Delete account
          </button>
        </p>
      </form>
    </details>
  )
}

function Suspended({ person, clock }: { person: AdministeredPerson; clock: Clock }) {
  return (
    <form method="post" action={`/admin/people/${person.id}/unsuspend`}>
      <p>
        <span>Suspended </span>
        {person.suspendedUntil ? (
          <>
            <span>until </span>
            <Time at={person.suspendedUntil} clock={clock} />
          </>
        ) : (
          <span>until an administrator ends it</span>
        )}
        {person.suspensionReason !== null && <span safe>{`: ${person.suspensionReason}`}</span>}
      </p>
      <p class="actions">
        <button type="submit">End the suspension</button>
      </p>
    </form>
  )
}

/** Why someone wants to join, with the answer. */
export function Application({ person: { id, username, application } }: { person: AdministeredPerson }) {
  return (
    <>
      <blockquote dir="auto" safe>
        {application ?? ""}
      </blockquote>
      <div class="actions">
        <form method="post" action={`/admin/people/${id}/approve`}>
          <button class="primary" type="submit" aria-label={`Approve ${escapeHtml(username)}`}>
            Approve
          </button>
        </form>
        <form method="post" action={`/admin/people/${id}/refuse`}>
          <button class="danger" type="submit" aria-label={`Refuse ${escapeHtml(username)}`}>
            Refuse
          </button>
        </form>
      </div>
    </>
  )
}

function ActForm({ id, act, submit }: { id: string; act: string; submit: string }) {
  return (
    <form method="post" action={`/admin/people/${id}/${act}`}>
      <AdministrationReason id={`${id}-${act}`} />
      <p class="actions">
        <button type="submit" safe>
          {submit}
        </button>
      </p>
    </form>
  )
}

/** Why. Several forms of a page have one, so that their ids differ. */
export function AdministrationReason({ id }: { id: string }) {
  return (
    <p class="field">
      <label for={`reason-${id}`}>Reason (optional)</label>
      <input id={`reason-${id}`} name="reason" type="text" dir="auto" maxlength={512} />
    </p>
  )
}
