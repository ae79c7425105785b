import { escapeHtml } from "@kitajs/html"
import type { Session } from "../src/features/sessions/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { deviceName } from "./devices.ts"
import type { PageViewer } from "./layout.tsx"
import { CommonPasswordAdvice } from "./recovery-codes.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { DialogLink } from "./ui.tsx"

interface PageProps {
  viewer: PageViewer
  servers: ServerName[]
  sessions: Session[]
  passwordChanged: boolean
  /** Guessers would try the new password early. */
  isCommonPassword: boolean
  hasRecoveryCode: boolean
  /** Whether this chat sends e-mail. */
  sendsMail: boolean
  /** Of the instance. */
  isAdministrator: boolean
}

/** Where one is signed in, and what can be done with one's account. */
export function AccountPage(props: PageProps) {
  const { viewer, servers, sessions, passwordChanged, hasRecoveryCode, isAdministrator } = props
  return (
    <Shell title="Account" viewer={viewer} servers={servers} bodyClass="home">
      <main id="main" class="page">
        <h1>Account</h1>
        <p>
          You are logged in as <bdi safe>{viewer.username}</bdi>.
        </p>
        {passwordChanged && <p role="status">Password changed. All other devices have been logged out.</p>}
        {props.isCommonPassword && <CommonPasswordAdvice />}
        {!hasRecoveryCode && (
          <p>
            You have no recovery code yet. With it you come back when you lose your password:{" "}
            <DialogLink href="/account/recovery-code">make one</DialogLink>.
          </p>
        )}
        <section aria-labelledby="devices">
          <h2 id="devices">Devices</h2>
          <ul class="sessions">
            {sessions.map((session) => (
              <li>
                <SessionRow session={session} clock={viewer.clock} />
              </li>
            ))}
          </ul>
          {sessions.length > 1 && (
            <form method="post" action="/account/sessions/revoke-others">
              <button type="submit">Log out all other devices</button>
            </form>
          )}
        </section>
        <AccountLinks isAdministrator={isAdministrator} sendsMail={props.sendsMail} />
      </main>
    </Shell>
  )
}

/** What belongs to an account, each on its own page. */
function AccountLinks({ isAdministrator, sendsMail }: Pick<PageProps, "isAdministrator" | "sendsMail">) {
  return (
    <ul class="links">
      {isAdministrator && (
        <li>
          <a href="/admin">Administration</a>
        </li>
      )}
      <li>
        <a href="/account/profile">Profile</a>
      </li>
      <li>
        <a href="/settings">Settings</a>
      </li>
      <li>
        <a href="/account/devices-for-push">Push notifications</a>
      </li>
      <li>
        <a href="/account/bots">Bots</a>
      </li>
      <li>
        <a href="/api">API</a>
      </li>
      <li>
        <DialogLink href="/account/blocked">Blocked people</DialogLink>
      </li>
      <li>
        <a href="/account/providers">Log in with other accounts</a>
      </li>
      <li>
        <DialogLink href="/account/username">Change username</DialogLink>
      </li>
      <li>
        <DialogLink href="/account/password">Change password</DialogLink>
      </li>
      <li>
        <a href="/account/second-factor">Two-factor login</a>
      </li>
      <li>
        <DialogLink href="/account/recovery-code">Recovery code</DialogLink>
      </li>
      {sendsMail && (
        <li>
          <DialogLink href="/account/email">E-mail address</DialogLink>
        </li>
      )}
      <LaterLinks sendsMail={sendsMail} />
      <li>
        <a href="/account/data">Your data</a>
      </li>
      <li>
        <DialogLink href="/account/delete" class="danger-link">
          Delete account
        </DialogLink>
      </li>
    </ul>
  )
}

/** What one has put off, and what comes by other ways. */
function LaterLinks({ sendsMail }: Pick<PageProps, "sendsMail">) {
  return (
    <>
      {sendsMail && (
        <li>
          <DialogLink href="/account/mails">E-mail for what you missed</DialogLink>
        </li>
      )}
      <li>
        <DialogLink href="/reminders">Reminders</DialogLink>
      </li>
      <li>
        <DialogLink href="/scheduled">Scheduled messages</DialogLink>
      </li>
      <li>
        <a href="/account/feeds">Feeds</a>
      </li>
    </>
  )
}

/** When a session began, and when it was last used, to the day. */
export function SessionTimes({ createdAt, updatedAt, clock }: SessionTimesProps) {
  return (
    <>
      Logged in <Time at={createdAt} clock={clock} />
      {updatedAt > createdAt && (
        <>
          , last used <Time at={updatedAt} clock={clock} />
        </>
      )}
    </>
  )
}

interface SessionTimesProps {
  createdAt: Date
  updatedAt: Date
  clock: Clock
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
          <SessionTimes createdAt={createdAt} updatedAt={updatedAt} clock={clock} />
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
          <button class="quiet" type="submit" aria-label={escapeHtml(`Log out ${name}`)}>
            Log out
          </button>
        </form>
      )}
    </>
  )
}
