import { escapeHtml } from "@kitajs/html"
import type { PageViewer } from "./layout.tsx"
import { PasskeyConfirmation } from "./passkeys.tsx"
import { AccountName, Field, FormErrors, type FormState } from "./ui.tsx"

interface Props {
  viewer?: PageViewer
  /** By what one can confirm who one is. */
  ways: { password: boolean; code: boolean; passkey: boolean; providers: { id: string; name: string }[] }
  /** Where the form goes that was interrupted, with its fields: it is sent again afterwards. */
  action?: string
  fields?: [name: string, value: string][]
  /** Where to go when no form was interrupted. */
  next?: string
  state: FormState
}

/** Asks who one is before something dangerous: the browser may have been left open. */
export function ConfirmationPanel(props: Props) {
  const { password, code, passkey, providers } = props.ways
  const hasAny = password || code || passkey || providers.length > 0
  return (
    <section class="panel">
      <h1 id="dialog-title">Confirm your identity</h1>
      {hasAny ? <Ways {...props} /> : <LogInAgain />}
    </section>
  )
}

function LogInAgain() {
  return (
    <form method="post" action="/logout">
      <p>Log in again to continue: you have no password or second factor to confirm with.</p>
      <p class="actions">
        <button class="primary" type="submit">
          Log out
        </button>
      </p>
    </form>
  )
}

function Ways(props: Props) {
  const { ways, state } = props
  const hasForm = ways.password || ways.code
  return (
    <>
      <p>You logged in more than 10 minutes ago. What you entered is kept, and saved when you confirm.</p>
      {hasForm ? <ConfirmationForm {...props} /> : <FormErrors state={state} />}
      {ways.passkey && (
        <PasskeyConfirmation>
          <Interrupted {...props} />
        </PasskeyConfirmation>
      )}
      {ways.passkey && !hasForm && ways.providers.length === 0 && (
        <noscript>
          <p>Confirming with a passkey needs JavaScript.</p>
        </noscript>
      )}
      {ways.providers.map(({ id, name }) => (
        <form method="post" action={`/account/confirm/with/${escapeHtml(encodeURIComponent(id))}`}>
          <Interrupted {...props} />
          <p class="actions">
            <button type="submit">
              Log in again with <bdi safe>{name}</bdi>
            </button>
          </p>
        </form>
      ))}
    </>
  )
}

/** The interrupted form, as hidden fields. */
function Interrupted({ action = "", fields = [], next = "" }: Props) {
  return (
    <>
      {fields.map(([name, value]) => (
        <input type="hidden" name={escapeHtml(name)} value={escapeHtml(value)} />
      ))}
      <input type="hidden" name="identityAction" value={escapeHtml(action)} />
      <input type="hidden" name="identityNext" value={escapeHtml(next)} />
    </>
  )
}

function ConfirmationForm(props: Props) {
  const { viewer, ways, state } = props
  return (
    <form method="post" action="/account/confirm">
      <FormErrors state={state} />
      <Interrupted {...props} />
      {viewer !== undefined && <AccountName viewer={viewer} name="identityName" />}
      {ways.password && (
        <Field
          name="identityPassword"
          label="Your password"
          type="password"
          state={state}
          autocomplete="current-password"
          autofocus
        />
      )}
      {ways.code && (
        <Field
          name="identityCode"
          label={ways.password ? "Or a code from your second factor" : "A code from your second factor"}
          state={state}
          autocomplete="one-time-code"
        />
      )}
      <p class="actions">
        <button class="primary" type="submit">
          Confirm
        </button>
      </p>
    </form>
  )
}
