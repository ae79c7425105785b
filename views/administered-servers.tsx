import { escapeHtml } from "@kitajs/html"
import type { AdministeredServer, Invitation } from "../src/features/administration/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { NameSearch, NextPage } from "./administered-people.tsx"
import { AdministrationReason } from "./administered-person.tsx"
import { sizeOf } from "./administration.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

interface ServersProps {
  servers: AdministeredServer[]
  search: string
  /** The address of the next page. */
  next?: string
  /** What was wrong with a form, and about which server. */
  failed?: { serverId: string; state: FormState }
  done?: string
}

/** Servers by name, and what can be done about each. */
export function AdministeredServers({ servers, search, next, failed, done }: ServersProps) {
  return (
    <>
      <NameSearch action="/admin/servers" search={search} />
      {done !== undefined && (
        <p role="status" safe>
          {done}
        </p>
      )}
      {failed !== undefined && <FormErrors state={failed.state} />}
      {servers.length === 0 && <p class="empty">No servers.</p>}
      <ul class="entries">
        {servers.map((server) => (
          <li>
            <div class="grow">
              <bdi>
                <b safe>{server.name}</b>
              </bdi>
              <br />
              <small class="hint" safe>
                {factsOf(server)}
              </small>
              <ServerActs server={server} isOpen={failed?.serverId === server.id} />
            </div>
          </li>
        ))}
      </ul>
      {next !== undefined && <NextPage href={next} />}
    </>
  )
}

function factsOf({ ownerName, members, messages, fileBytes }: AdministeredServer): string {
  const counts = [
    members === 1 ? "1 member" : `${members} members`,
    messages === 1 ? "1 message" : `${messages} messages`,
    `${sizeOf(fileBytes)} of files`,
  ]
  return `Owned by ${ownerName} · ${counts.join(" · ")}`
}

function ServerActs({ server: { id, name }, isOpen }: { server: AdministeredServer; isOpen: boolean }) {
  const about = escapeHtml(name)
  return (
    <>
      <details open={isOpen}>
        <summary aria-label={`Hand over ${about}`}>Hand over</summary>
        <form method="post" action={`/admin/servers/${id}/hand-over`}>
          <p class="field">
            <label for={`username-${id}`}>New owner, a member of the server</label>
            <input id={`username-${id}`} name="username" type="text" required autocomplete="off" />
          </p>
          <AdministrationReason id={`${id}-hand-over`} />
          <p class="actions">
            <button type="submit">Hand over</button>
          </p>
        </form>
      </details>
      <details>
        <summary aria-label={`Delete ${about}`}>Delete</summary>
        <form method="post" action={`/admin/servers/${id}/delete`}>
          <p>This permanently deletes the server with all channels and messages.</p>
          <p class="field">
            <label for={`confirmation-${id}`} safe>
              {`Type ${name} to confirm`}
            </label>
            <input id={`confirmation-${id}`} name="confirmation" type="text" required autocomplete="off" />
          </p>
          <AdministrationReason id={`${id}-delete`} />
          <p class="actions">
            <button class="danger" type="submit">
              Delete server
            </button>
          </p>
        </form>
      </details>
    </>
  )
}

interface InvitationsProps {
  invitations: Invitation[]
  /** A new one: its address is shown once. */
  url?: string
  now: Date
  clock: Clock
  state: FormState
}

/** Invitations to the instance. */
export function Invitations({ invitations, url, now, clock, state }: InvitationsProps) {
  return (
    <>
      <p>Anyone with the link can sign up, unless sign-ups are closed.</p>
      {url !== undefined && (
        <div class="secret" role="status">
          <p>Send this link to the people you invite. It is shown only once.</p>
          <input class="link" type="text" readonly value={escapeHtml(url)} aria-label="Link" />
        </div>
      )}
      <form method="post" action="/admin/invitations">
        <FormErrors state={state} />
        <Field name="note" label="For whom (optional)" state={state} maxlength={100} />
        <Field
          name="maxUses"
          label="Max uses"
          type="number"
          min={1}
          max={1000}
          hint="Leave empty for no limit"
          state={{ ...state, values: { maxUses: "1", ...state.values } }}
        />
        <Field
          name="days"
          label="Days until it expires"
          type="number"
          min={1}
          max={3650}
          hint="Leave empty if it never expires"
          state={{ ...state, values: { days: "7", ...state.values } }}
        />
        <p class="actions">
          <button class="primary" type="submit">
            Create an invitation
          </button>
        </p>
      </form>
      <h2>Invitations</h2>
      {invitations.length === 0 && <p class="empty">None yet.</p>}
      <ul class="entries">
        {invitations.map((invitation) => (
          <li>
            <InvitationRow invitation={invitation} now={now} clock={clock} />
          </li>
        ))}
      </ul>
    </>
  )
}

interface RowProps {
  invitation: Invitation
  now: Date
  clock: Clock
}

function InvitationRow({ invitation, now, clock }: RowProps) {
  return (
    <>
      <span class="grow">
        <bdi safe>{invitation.note || "Without a note"}</bdi>
        <br />
        <small class="hint">
          <span safe>{`${usesOf(invitation)} · by ${invitation.createdByName} · `}</span>
          <Time at={invitation.createdAt} clock={clock} />
          {invitation.expiresAt !== null && (
            <>
              <span> · until </span>
              <Time at={invitation.expiresAt} clock={clock} />
            </>
          )}
        </small>
      </span>
      {isUsable(invitation, now) ? (
        <form method="post" action={`/admin/invitations/${invitation.id}/revoke`}>
          <button class="quiet" type="submit">
            Revoke
          </button>
        </form>
      ) : (
        <span class="badge">{invitation.revokedAt ? "revoked" : "over"}</span>
      )}
    </>
  )
}

function usesOf({ uses, maxUses }: Invitation): string {
  return maxUses === null ? `used ${uses} times` : `used ${uses} of ${maxUses} times`
}

function isUsable({ revokedAt, expiresAt, maxUses, uses }: Invitation, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now) && (maxUses === null || uses < maxUses)
}
