import { escapeHtml } from "@kitajs/html"
import type { Invite, InvitePreview } from "../src/features/invites/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { currentLook } from "../src/web/look.ts"
import { withNext } from "./accounts.tsx"
import { CardPage, type PageViewer } from "./layout.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FieldError, type FormState, PanelForm } from "./ui.tsx"

/** The default lifetime of an invite, in seconds. */
export const usualSeconds = "604800"

/** How long an invite may be good for, in seconds. */
const expiries: [seconds: string, label: string][] = [
  ["3600", "1 hour"],
  ["86400", "1 day"],
  ["604800", "7 days"],
  ["", "Never"],
]

interface PanelProps {
  server: ServerName
  invites: (Invite & { mayRevoke: boolean })[]
  /** The one to share at once; nothing: it is created when the panel opens. */
  ready?: Invite
  /** Where this chat is: the start of a link that can be sent to someone. */
  origin: string
  clock: Clock
  state: FormState
}

/** A link to share at once, with options and the other invites below. */
export function InvitesPanel({ server, invites, ready, origin, clock, state }: PanelProps) {
  const action = `/servers/${server.id}/invites`
  const others = invites.filter(({ code }) => code !== ready?.code)
  const hasFailed = Boolean(state.error ?? state.errors)
  return (
    <>
      {ready ? (
        <ReadyInvite invite={ready} origin={origin} clock={clock} />
      ) : (
        <form
          method="post"
          action={action}
          hx-post={action}
          hx-target="#dialog-body"
          hx-swap="innerHTML"
          hx-trigger={hasFailed ? "submit" : "load, submit"}
        >
          <input type="hidden" name="expiresInSeconds" value={usualSeconds} />
          <p class="actions">
            <button type="submit" class="primary">
              Create invite link
            </button>
          </p>
        </form>
      )}
      <details class="checks" open={hasFailed}>
        <summary>Change expiry or max uses</summary>
        <PanelForm action={action} state={state} submit="Create invite">
          <InviteFields state={state} />
        </PanelForm>
      </details>
      {others.length > 0 && (
        <>
          <h2>Other active invites</h2>
          <ul class="invites">
            {others.map((invite) => (
              <li>
                <InviteRow invite={invite} origin={origin} clock={clock} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function ReadyInvite({ invite, ...rest }: Pick<PanelProps, "origin" | "clock"> & { invite: Invite }) {
  return (
    <>
      <p>Anyone with this link can join.</p>
      <div class="invites share">
        <InviteRow invite={{ ...invite, mayRevoke: true }} {...rest} canCopy />
      </div>
    </>
  )
}

function InviteFields({ state }: { state: FormState }) {
  return (
    <>
      <p class="field">
        <label for="expiresInSeconds">Expires after</label>
        <select id="expiresInSeconds" name="expiresInSeconds">
          {expiries.map(([seconds, label]) => (
            <option
              value={seconds}
              selected={seconds === (state.values?.expiresInSeconds ?? usualSeconds)}
              safe
            >
              {label}
            </option>
          ))}
        </select>
        <FieldError name="expiresInSeconds" error={state.errors?.expiresInSeconds} />
      </p>
      <Field
        name="maxUses"
        label="Max uses"
        type="number"
        hint="Leave empty for no limit"
        state={state}
        min={1}
        max={100}
      />
    </>
  )
}

interface RowProps extends Pick<PanelProps, "origin" | "clock"> {
  invite: PanelProps["invites"][number]
  canCopy?: boolean
}

function InviteRow({ invite, origin, clock, canCopy }: RowProps) {
  const revoke = `/invites/${invite.code}/revoke`
  const used = invite.maxUses === null ? `${invite.uses}` : `${invite.uses} of ${invite.maxUses}`
  const uses = `${used} ${used === "1" ? "use" : "uses"}`
  return (
    <>
      <input
        class="link"
        readonly
        dir="ltr"
        aria-label="Invite link"
        value={`${origin}/invites/${invite.code}`}
      />
      {canCopy && (
        <button type="button" class="primary copy-link">
          Copy
        </button>
      )}
      <small class="hint">
        <span safe>{uses}</span>
        {" · "}
        {invite.expiresAt ? (
          <>
            expires <Time at={invite.expiresAt} clock={clock} />
          </>
        ) : (
          "never expires"
        )}
      </small>
      {invite.mayRevoke && (
        <form method="post" action={revoke} hx-post={revoke} hx-target="#dialog-body" hx-swap="innerHTML">
          <button class="quiet" type="submit" aria-label={`Revoke invite ${invite.code}`}>
            Revoke
          </button>
        </form>
      )}
    </>
  )
}

interface InviteProps {
  viewer?: PageViewer
  preview: InvitePreview
  /** The origin of this chat: previews need absolute URLs. */
  origin: string
}

/** What an invite leads to, before one follows it. */
export function InvitePage({ viewer, preview, origin }: InviteProps) {
  const address = `/invites/${preview.code}`
  return (
    <CardPage
      title={`Join ${preview.serverName}`}
      viewer={viewer}
      head={<LinkSummary preview={preview} origin={origin} />}
    >
      <section class="panel">
        <p class="eyebrow">
          <bdi safe>{preview.inviter}</bdi> invites you to
        </p>
        {preview.iconUrl !== null && (
          <img class="server-icon" src={escapeHtml(preview.iconUrl)} alt="" width="96" height="96" />
        )}
        <h1>
          <bdi safe>{preview.serverName}</bdi>
        </h1>
        {preview.description !== "" && (
          <p dir="auto" safe>
            {preview.description}
          </p>
        )}
        <p class="hint" safe>
          {preview.memberCount === 1 ? "1 member" : `${preview.memberCount} members`}
        </p>
        {viewer ? (
          <form method="post" action={address} class="actions">
            <button class="primary" type="submit">
              Join server
            </button>
          </form>
        ) : (
          <p class="actions">
            <a class="button primary" href={withNext("/login", address)}>
              Log in to join
            </a>
            <a class="button" href={withNext("/signup", address)}>
              Sign up
            </a>
          </p>
        )}
      </section>
    </CardPage>
  )
}

/** The preview of an invite in other programs: only what its page shows. Source: the Open Graph protocol. */
function LinkSummary({ preview, origin }: Pick<InviteProps, "preview" | "origin">) {
  const { code, serverName, description, inviter, memberCount, iconUrl } = preview
  const members = memberCount === 1 ? "1 member" : `${memberCount} members`
  const about = escapeHtml(description || `${inviter} invites you. ${members}.`)
  return (
    <>
      {/* For programs that show a link, not for search engines. */}
      <meta name="robots" content="noindex" />
      <meta name="description" content={about} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={escapeHtml(currentLook().name)} />
      <meta property="og:title" content={escapeHtml(`Join ${serverName}`)} />
      <meta property="og:description" content={about} />
      <meta property="og:url" content={escapeHtml(`${origin}/invites/${code}`)} />
      {iconUrl !== null && (
        <>
          <meta property="og:image" content={escapeHtml(`${origin}${iconUrl}`)} />
          <meta property="og:image:alt" content={escapeHtml(`Icon of ${serverName}`)} />
        </>
      )}
      <meta name="twitter:card" content="summary" />
    </>
  )
}

/** An invite that is no longer valid. */
export function InviteGonePage({ viewer }: { viewer?: PageViewer }) {
  return (
    <CardPage title="Invalid invite" viewer={viewer}>
      <section class="panel">
        <h1>This invite is invalid</h1>
        <p>It may have expired, been used up or been revoked. Ask its sender for a new one.</p>
        <p class="aside">
          <a href="/">Go to my servers</a>
        </p>
      </section>
    </CardPage>
  )
}
