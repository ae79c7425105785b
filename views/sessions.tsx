import { escapeHtml } from "@kitajs/html"
import type { Session } from "../src/features/sessions/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { AccountLinks, AccountPlace } from "./account-place.tsx"
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

/** The viewer's sessions, and the links of their account. */
export function AccountPage(props: PageProps) {
  const { viewer, servers, sessions, passwordChanged, hasRecoveryCode, isAdministrator } = props
  return (
    <Shell title="Account" viewer={viewer} servers={servers} bodyClass="home">
      <AccountPlace current="/account">
        <main id="main" class="page">
          <h1>Account</h1>
          <p>
            You are logged in as <bdi safe>{viewer.username}</bdi>.
          </p>
          {passwordChanged && <p role="status">Password changed. All other devices have been logged out.</p>}
          {props.isCommonPassword && <CommonPasswordAdvice />}
          {!hasRecoveryCode && (
            <p>
              You have no recovery code yet. It sets a new password if you lose yours:{" "}
              <DialogLink href="/account/recovery-code">create one</DialogLink>.
            </p>
          )}
          <AccountLinks isAdministrator={isAdministrator} sendsMail={props.sendsMail} />
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
        </main>
      </AccountPlace>
    </Shell>
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
