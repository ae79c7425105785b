import { escapeHtml } from "@kitajs/html"
import type { Ban } from "../src/features/bans/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Select } from "./fields.tsx"
import { banOptions, deletionOptions, ReasonField } from "./moderation.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface BansProps {
  server: ServerName
  bans: Ban[]
  clock: Clock
  state: FormState
  /** The list is restricted to names that contain it. */
  search: string
}

/** Who may not come into a server, and banning someone by name, whether they are in it or not. */
export function BansPanel({ server, bans, clock, state, search }: BansProps) {
  return (
    <>
      <form method="get" action={`/servers/${server.id}/settings/bans`} class="filters">
        <Field name="search" label="Search by name" state={{ values: { search } }} maxlength={32} />
        <p class="actions">
          <button type="submit">Search</button>
        </p>
      </form>
      {bans.length === 0 && <p class="empty">No bans.</p>}
      <ul class="sessions">
        {bans.map((ban) => (
          <li>
            <BanRow server={server} ban={ban} clock={clock} />
          </li>
        ))}
      </ul>
      <p>
        <a href={`/servers/${server.id}/settings/bans/bulk`}>Ban many people</a>
      </p>
      <PanelForm action={`/servers/${server.id}/bans`} state={state} submit="Ban" danger>
        <Field name="username" label="Username" state={state} required maxlength={32} autocomplete="off" />
        <BanTerms state={state} />
      </PanelForm>
    </>
  )
}

function BanRow({ server, ban, clock }: { server: ServerName; ban: Ban; clock: Clock }) {
  const lift = `/servers/${server.id}/bans/${ban.userId}/lift`
  return (
    <>
      <div>
        <bdi safe>{ban.username}</bdi>
        <br />
        <small class="hint">
          Since <Time at={ban.createdAt} clock={clock} />
          {ban.expiresAt !== null && (
            <>
              {" until "}
              <Time at={ban.expiresAt} clock={clock} />
            </>
          )}
          {ban.reason !== null && (
            <>
              : <bdi safe>{ban.reason}</bdi>
            </>
          )}
        </small>
      </div>
      <form method="post" action={lift} hx-post={lift} hx-target="#dialog-body" hx-swap="innerHTML">
        <button class="quiet" type="submit" aria-label={escapeHtml(`Unban ${ban.username}`)}>
          Unban
        </button>
      </form>
    </>
  )
}

interface BanMemberProps {
  server: ServerName
  member: { username: string }
  state: FormState
}

/** Banning someone who is in the server. */
export function BanMemberPanel({ server, member, state }: BanMemberProps) {
  return (
    <FormPanel title="Ban member">
      <p>
        <bdi safe>{member.username}</bdi> will be removed from <bdi safe>{server.name}</bdi> and cannot join
        again until you unban them.
      </p>
      <PanelForm action={`/servers/${server.id}/bans`} state={state} submit="Ban" danger>
        <input type="hidden" name="username" value={escapeHtml(member.username)} />
        <BanTerms state={state} />
      </PanelForm>
    </FormPanel>
  )
}

/** How long, which messages go with it, and why. */
export function BanTerms({ state }: { state: FormState }) {
  return (
    <>
      <Select name="expiresInSeconds" label="For how long" options={banOptions} state={state} />
      <Select
        name="deleteMessageSeconds"
        label="Delete their messages"
        options={deletionOptions}
        state={state}
      />
      <ReasonField state={state} />
    </>
  )
}
