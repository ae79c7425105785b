import { escapeHtml } from "@kitajs/html"
import type { Session } from "../src/features/sessions/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { deviceName } from "./devices.ts"
import { type PageViewer, type ServerName, Shell } from "./layout.tsx"
import { Time } from "./times.tsx"
import { DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface PageProps {
  viewer: PageViewer
  servers: ServerName[]
  sessions: Session[]
  passwordChanged: boolean
}

/** Where one is signed in, and what can be done with one's account. */
export function AccountPage({ viewer, servers, sessions, passwordChanged }: PageProps) {
  return (
    <Shell title="Account" viewer={viewer} servers={servers} bodyClass="home">
      <main id="main" class="page">
        <h1>Account</h1>
        <p>
          You are signed in as <bdi safe>{viewer.username}</bdi>.
        </p>
        {passwordChanged && (
          <p role="status">Your password is changed, and every other device is signed out.</p>
        )}
        <section aria-labelledby="devices">
          <h2 id="devices">Signed in on</h2>
          <ul class="sessions">
            {sessions.map((session) => (
              <li>
                <SessionRow session={session} clock={viewer.clock} />
              </li>
            ))}
          </ul>
          {sessions.length > 1 && (
            <form method="post" action="/account/sessions/revoke-others">
              <button type="submit">Sign out everywhere else</button>
            </form>
          )}
        </section>
        <ul class="links">
          <li>
            <a href="/settings">Settings</a>
          </li>
          <li>
            <a href="/account/bots">Bots</a>
          </li>
          <li>
            <a href="/api">API for programs</a>
          </li>
          <li>
            <DialogLink href="/account/blocked">Blocked people</DialogLink>
          </li>
          <li>
            <DialogLink href="/account/password">Change password</DialogLink>
          </li>
          <li>
            <DialogLink href="/account/delete" class="danger-link">
              Delete account
            </DialogLink>
          </li>
        </ul>
      </main>
    </Shell>
  )
}

function SessionRow({ session, clock }: { session: Session; clock: Clock }) {
  const { id, userAgent, ipAddress, createdAt, updatedAt, isCurrent } = session
  const name = deviceName(userAgent)
  return (
    <>
      <div>
        <b title={escapeHtml(userAgent ?? "")} safe>
          {name}
        </b>{" "}
        {isCurrent && <span class="badge">this device</span>}
        <br />
        <small class="hint">
          Signed in <Time at={createdAt} clock={clock} />
          {updatedAt > createdAt && (
            <>
              , last renewed <Time at={updatedAt} clock={clock} />
            </>
          )}
          {ipAddress !== null && <span safe>{`, from ${ipAddress}`}</span>}
        </small>
      </div>
      {isCurrent ? (
        <form method="post" action="/logout">
          <button class="quiet" type="submit" aria-label="Log out on this device">
            Log out
          </button>
        </form>
      ) : (
        <form method="post" action={`/account/sessions/${id}/revoke`}>
          <button class="quiet" type="submit" aria-label={escapeHtml(`Sign out ${name}`)}>
            Sign out
          </button>
        </form>
      )}
    </>
  )
}

/** Changing one's password. */
export function ChangePasswordPanel({ viewer, state }: { viewer: PageViewer; state: FormState }) {
  return (
    <FormPanel title="Change password">
      <p>Every other device on which you are signed in is signed out.</p>
      <PanelForm action="/account/password" state={state} submit="Change password">
        <AccountName viewer={viewer} />
        <Field
          name="currentPassword"
          label="Current password"
          type="password"
          state={state}
          autocomplete="current-password"
          required
        />
        <Field
          name="newPassword"
          label="New password"
          type="password"
          state={state}
          hint="At least 8 characters"
          autocomplete="new-password"
          required
        />
      </PanelForm>
    </FormPanel>
  )
}

interface DeleteProps {
  viewer: PageViewer
  /** Servers that have to go first: their owner cannot leave them to nobody. */
  owned: ServerName[]
  state: FormState
}

/** Asks for the password: there is no way back. */
export function DeleteAccountPanel({ viewer, owned, state }: DeleteProps) {
  return (
    <FormPanel title="Delete account">
      {owned.length > 0 ? (
        <>
          <p>You own servers. Delete them first, and then your account:</p>
          <ul class="links">
            {owned.map(({ id, name }) => (
              <li>
                <DialogLink href={`/servers/${id}/delete`}>
                  <bdi safe>{name}</bdi>
                </DialogLink>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <p>
            This signs you out everywhere and ends your memberships, for good. What you wrote stays, without
            your name: delete what should not stay first.
          </p>
          <PanelForm action="/account/delete" state={state} submit="Delete account" danger>
            <AccountName viewer={viewer} />
            <Field
              name="password"
              label="Your password"
              type="password"
              state={state}
              autocomplete="current-password"
              required
            />
          </PanelForm>
        </>
      )}
    </FormPanel>
  )
}

/** Tells password managers whose password it is. */
function AccountName({ viewer }: { viewer: PageViewer }) {
  return <input type="text" name="username" value={viewer.username} autocomplete="username" hidden readonly />
}
