import { escapeHtml } from "@kitajs/html"
import { CardPage, type PageViewer } from "./layout.tsx"
import { PasswordField } from "./password-fields.tsx"
import { AccountName, Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface PanelProps {
  viewer: PageViewer
  hasPassword: boolean
  address: string | null
  /** Waits for its verification. */
  pending: string | null
  isOffered: boolean
  state: FormState
}

/** Adds, changes or removes the viewer's e-mail address. */
export function EmailAddressPanel({ viewer, hasPassword, address, pending, isOffered, state }: PanelProps) {
  return (
    <FormPanel title="E-mail address">
      {!isOffered && <p>This chat sends no e-mail.</p>}
      {isOffered && (
        <p>
          It is used for a new password if you lose yours, and for e-mail about what you missed if you turn
          that on. Nobody else sees it.
        </p>
      )}
      {address !== null && (
        <p>
          Your address: <bdi safe>{address}</bdi>
        </p>
      )}
      {pending !== null && (
        <p role="status">
          We sent a link to <bdi safe>{pending}</bdi>. Open it within an hour to confirm the address.
        </p>
      )}
      {isOffered && (
        <PanelForm action="/account/email" state={state} submit={address ? "Change address" : "Add address"}>
          <AccountName viewer={viewer} />
          <Field
            name="address"
            label={address ? "New e-mail address" : "E-mail address"}
            type="email"
            state={state}
            autocomplete="email"
            required
            maxlength={254}
          />
          {hasPassword && <PasswordField state={state} />}
        </PanelForm>
      )}
      {address !== null && (
        <p>
          <a href="/account/email/remove" data-dialog>
            Remove address
          </a>
        </p>
      )}
    </FormPanel>
  )
}

/** Removes the viewer's e-mail address. */
export function RemoveEmailPanel({
  viewer,
  hasPassword,
  state,
}: Pick<PanelProps, "viewer" | "hasPassword" | "state">) {
  return (
    <FormPanel title="Remove e-mail address">
      <p>Without it, a lost password is recovered by your recovery code or by an administrator.</p>
      <PanelForm action="/account/email/remove" state={state} submit="Remove address" danger>
        <AccountName viewer={viewer} />
        {hasPassword && <PasswordField state={state} />}
      </PanelForm>
    </FormPanel>
  )
}

interface VerifyProps {
  token: string
  username: string
  address: string
  isDone?: boolean
}

/** Where the link of a message leads. A button confirms, as programs that look for viruses open links. */
export function VerifyEmailPage({ token, username, address, isDone }: VerifyProps) {
  return (
    <CardPage title="Confirm your e-mail address">
      <section class="panel">
        <h1>Confirm your e-mail address</h1>
        {isDone ? (
          <>
            <p role="status">
              <bdi safe>{address}</bdi> is the address of <bdi safe>{username}</bdi> now.
            </p>
            <p class="aside">
              <a href="/account">Your account</a>
            </p>
          </>
        ) : (
          <form method="post" action={`/verify-email/${escapeHtml(encodeURIComponent(token))}`}>
            <p>
              Is <bdi safe>{address}</bdi> the address of your account <bdi safe>{username}</bdi>?
            </p>
            <p class="actions">
              <button class="primary" type="submit">
                Confirm
              </button>
            </p>
          </form>
        )}
      </section>
    </CardPage>
  )
}

interface ForgotProps {
  isOffered: boolean
  isSent: boolean
  state: FormState
}

/** The ways back to an account whose password is lost. */
export function ForgotPage({ isOffered, isSent, state }: ForgotProps) {
  return (
    <CardPage title="Lost your password?">
      <section class="panel">
        <h1>Lost your password?</h1>
        {isSent && (
          <p role="status">
            If there is such an account and it has a confirmed e-mail address, a message with a link is on its
            way. The link works for 15 minutes.
          </p>
        )}
        {isOffered && (
          <form method="post" action="/forgot">
            <FormErrors state={state} />
            <Field
              name="account"
              label="Username or e-mail address"
              state={state}
              hint="We send a link to the e-mail address of your account, if it has one"
              autocomplete="username"
              required
            />
            <p class="actions">
              <button class="primary" type="submit">
                Send a link
              </button>
            </p>
          </form>
        )}
        <h2>{isOffered ? "Other ways" : "Ways to set a new password"}</h2>
        <p>
          <a href="/recover">Use your recovery code</a>, which you were shown when you signed up.
        </p>
        <p>Or ask an administrator of this chat for a link to set a new password.</p>
        {!isOffered && <p>This chat sends no e-mail.</p>}
        <p class="aside">
          <a href="/login">Log in</a>
        </p>
      </section>
    </CardPage>
  )
}
