import { escapeHtml } from "@kitajs/html"
import type { Passkey } from "../src/features/passkeys/contract.ts"
import type { SecondFactor } from "../src/features/second-factor/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { AccountPlace } from "./account-place.tsx"
import { deviceName } from "./devices.ts"
import type { PageViewer } from "./layout.tsx"
import { Passkeys } from "./passkeys.tsx"
import { PasswordField } from "./password-fields.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

export interface PageProps {
  viewer: PageViewer
  servers: ServerName[]
}

interface SecondFactorProps extends PageProps {
  factor: SecondFactor
  hasPassword: boolean
  /** What was done. */
  done?: string
  /** Whether the viewer came because administrators need a second factor. */
  isNeeded: boolean
  state: FormState
  passkeys: Passkey[]
  /** What the viewer's browser calls itself. */
  device: string
}

/** Two-factor login: what is set up, and setting it up. */
export function SecondFactorPage({
  factor,
  hasPassword,
  done,
  isNeeded,
  state,
  passkeys,
  device,
  ...around
}: SecondFactorProps) {
  return (
    <Shell title="Two-factor login" bodyClass="home" {...around}>
      <AccountPlace current="/account/second-factor">
        <main id="main" class="page">
          <h1>Two-factor login</h1>
          {done !== undefined && (
            <p role="status" safe>
              {done}
            </p>
          )}
          {isNeeded && !factor.isOn && (
            <p role="status">
              Administrators need a second factor here. Set one up to continue to the administration.
            </p>
          )}
          <p>
            {factor.isOn
              ? "On: your password alone does not log you in."
              : "Off: your password alone logs you in. With a second factor, a stolen password is not enough."}
          </p>
          <Authenticator
            factor={factor}
            hasPassword={hasPassword}
            state={state}
            clock={around.viewer.clock}
          />
          <Passkeys passkeys={passkeys} device={device} clock={around.viewer.clock} />
          {factor.isOn && <BackupCodes left={factor.backupCodesLeft} />}
          {factor.isOn && <TrustedDevices factor={factor} clock={around.viewer.clock} />}
          <p>
            <a href="/account">Back to account</a>
          </p>
        </main>
      </AccountPlace>
    </Shell>
  )
}

interface AuthenticatorProps {
  factor: SecondFactor
  hasPassword: boolean
  state: FormState
  clock: Clock
}

function Authenticator({ factor: { authenticatorSince }, hasPassword, state, clock }: AuthenticatorProps) {
  return (
    <section aria-labelledby="authenticator">
      <h2 id="authenticator">Authenticator app</h2>
      <FormErrors state={state} />
      {authenticatorSince === null ? (
        <form class="factor-form" method="post" action="/account/second-factor/authenticator">
          <p>An app on your phone that shows a new code every 30 seconds.</p>
          {hasPassword && <PasswordField label="Your password" state={state} />}
          <p class="actions">
            <button class="primary" type="submit">
              Set up an app
            </button>
          </p>
        </form>
      ) : (
        <>
          <p>
            Set up <Time at={authenticatorSince} clock={clock} />.
          </p>
          <details open={state.errors?.code !== undefined || state.errors?.password !== undefined}>
            <summary>Remove the app</summary>
            <form class="factor-form" method="post" action="/account/second-factor/authenticator/remove">
              {hasPassword && <PasswordField label="Your password" state={state} />}
              <Field
                name="code"
                label="Code"
                state={state}
                hint="From the app, or a backup code"
                autocomplete="one-time-code"
                required
              />
              <p class="actions">
                <button class="danger" type="submit">
                  Remove the app
                </button>
              </p>
            </form>
          </details>
        </>
      )}
    </section>
  )
}

function BackupCodes({ left }: { left: number }) {
  return (
    <section aria-labelledby="backup-codes">
      <h2 id="backup-codes">Backup codes</h2>
      <p>Each logs you in once, in place of the second factor, when you have lost it.</p>
      <p class={left === 0 ? "error" : undefined} safe>
        {left === 0
          ? "You have no unused codes left. Create new ones."
          : `You have ${left} unused ${left === 1 ? "code" : "codes"}.`}
      </p>
      <form method="post" action="/account/second-factor/backup-codes">
        <button type="submit">Create new codes</button>
      </form>
    </section>
  )
}

function TrustedDevices({ factor: { trustedDevices }, clock }: { factor: SecondFactor; clock: Clock }) {
  return (
    <section aria-labelledby="trusted-devices">
      <h2 id="trusted-devices">Trusted devices</h2>
      <p>They need no second factor for 30 days.</p>
      {trustedDevices.length === 0 && <p class="empty">None.</p>}
      <ul class="sessions">
        {trustedDevices.map(({ id, userAgent, createdAt, expiresAt, isCurrent }) => {
          const name = deviceName(userAgent)
          return (
            <li>
              <div>
                <b safe>{name}</b> {isCurrent && <span class="badge">this device</span>}
                <br />
                <small class="hint">
                  Since <Time at={createdAt} clock={clock} />, until <Time at={expiresAt} clock={clock} />
                </small>
              </div>
              <form method="post" action={`/account/second-factor/devices/${id}/revoke`}>
                <button class="quiet" type="submit" aria-label={escapeHtml(`Stop trusting ${name}`)}>
                  Stop trusting
                </button>
              </form>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Whether administrators need a second factor: a form of the settings of the instance. */
export function SecondFactorRule({ needsSecondFactor }: { needsSecondFactor: boolean }) {
  return (
    <form method="post" action="/admin/settings/second-factor">
      <h2>Two-factor login</h2>
      <label class="check">
        <input type="checkbox" name="needsSecondFactor" value="yes" checked={needsSecondFactor} />{" "}
        Administrators need a second factor
      </label>
      <p class="hint">Administrators without one must set it up before they can open the administration.</p>
      <p class="actions">
        <button type="submit">Save</button>
      </p>
    </form>
  )
}
