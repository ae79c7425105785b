import { escapeHtml } from "@kitajs/html"
import type { PageProps } from "./second-factor.tsx"
import { Shell } from "./shell.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

interface NewAuthenticatorProps extends PageProps {
  /** In base32. */
  secret: string
  uri: string
  /** The markup of a picture. */
  qrCode: string
  state: FormState
}

/** A new secret for an app, as a picture and as text; it is shown until the first code is entered. */
export function NewAuthenticatorPage({ secret, uri, qrCode, state, ...around }: NewAuthenticatorProps) {
  return (
    <Shell title="Set up an authenticator app" bodyClass="home" {...around}>
      <main id="main" class="page">
        <h1>Set up an authenticator app</h1>
        <ol class="steps">
          <li>
            <p>Scan this picture with your app, or open it on this device:</p>
            <div class="qr-code" role="img" aria-label="QR code for your authenticator app">
              {qrCode as "safe"}
            </div>
            <p>
              <a href={escapeHtml(uri)}>Open in an app on this device</a>
            </p>
            <p class="field">
              <label for="secret">Or type this key into the app</label>
              <input
                id="secret"
                class="secret-text"
                type="text"
                readonly
                value={escapeHtml(secret.replace(/(.{4})(?=.)/g, "$1 "))}
              />
            </p>
          </li>
          <li>
            <form class="factor-form" method="post" action="/account/second-factor/authenticator/confirm">
              <FormErrors state={state} />
              <input type="hidden" name="uri" value={escapeHtml(uri)} />
              <Field
                name="code"
                label="Enter the code that the app shows"
                state={state}
                autocomplete="one-time-code"
                required
                autofocus
              />
              <p class="actions">
                <button class="primary" type="submit">
                  Turn on two-factor login
                </button>
              </p>
            </form>
          </li>
        </ol>
        <p>
          <a href="/account/second-factor">Cancel</a>
        </p>
      </main>
    </Shell>
  )
}

/** New backup codes, shown once. */
export function BackupCodesPage({ codes, ...around }: PageProps & { codes: string[] }) {
  return (
    <Shell title="Backup codes" bodyClass="home" {...around}>
      <main id="main" class="page">
        <h1>Backup codes</h1>
        <div class="secret" role="status">
          <p>
            Two-factor login is on. Keep these codes where you find them without your phone, for example on
            paper. Each works once. They are shown only now.
          </p>
          <ul class="backup-codes">
            {codes.map((code) => (
              <li>
                <code safe>{code}</code>
              </li>
            ))}
          </ul>
        </div>
        <p>
          <a href="/account/second-factor">I have stored them</a>
        </p>
      </main>
    </Shell>
  )
}
