import { escapeHtml } from "@kitajs/html"
import { asset } from "../src/web/assets.ts"
import { NewSecret } from "./bots.tsx"
import { CardPage, type PageViewer } from "./layout.tsx"
import { NewPasswordField, PasswordField } from "./password-fields.tsx"
import { Time } from "./times.tsx"
import { AccountName, Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface NewCodeProps {
  code: string
  /** Where to go afterwards. */
  next: string
  /** The password was just chosen, and guessers would try it early. */
  isCommon: boolean
}

/** Shows a new recovery code before the next page. */
export function NewCodePage({ code, next, isCommon }: NewCodeProps) {
  return (
    <CardPage title="Your recovery code" head={<script type="module" src={asset("copying.js")} />}>
      <section class="panel">
        <h1>Your recovery code</h1>
        <p>With this code you set a new password if you lose yours. It works once.</p>
        <NewSecret label="Recovery code" secret={code} />
        {isCommon && <CommonPasswordAdvice />}
        <form method="post" action="/recovery-code">
          <input type="hidden" name="next" value={escapeHtml(next)} />
          <p class="actions">
            <button class="primary" type="submit">
              I have stored it
            </button>
          </p>
        </form>
      </section>
    </CardPage>
  )
}

/** Below a new password that guessers would try early. */
export function CommonPasswordAdvice() {
  return (
    <p class="hint">
      Your password is easy to guess: many people use it or one like it. You can change it in your account. A
      few words that have nothing to do with each other are best.
    </p>
  )
}

/** Where one sets a new password by a recovery code. */
export function RecoverPage({ state }: { state: FormState }) {
  return (
    <CardPage title="Recover your account">
      <section class="panel">
        <h1>Recover your account</h1>
        <p>This logs out all devices of the account. You get a new recovery code afterwards.</p>
        <form method="post" action="/recover">
          <FormErrors state={state} />
          <Field name="username" label="Username" state={state} autocomplete="username" required />
          <Field
            name="recoveryCode"
            label="Recovery code"
            state={state}
            hint="Five groups of four letters and digits; capitals and dashes do not matter"
            autocomplete="off"
            required
          />
          <NewPasswordField state={state} />
          <p class="actions">
            <button class="primary" type="submit">
              Set password
            </button>
          </p>
        </form>
        <p class="aside">
          No code? <a href="/forgot">Other ways</a>
        </p>
      </section>
    </CardPage>
  )
}

interface PanelProps {
  viewer: PageViewer
  hasPassword: boolean
  /** When the present code was made; `null` without one. */
  createdAt: Date | null
  /** A new code: it is shown once. */
  code?: string
  state: FormState
}

/** Makes a new recovery code. */
export function RecoveryPanel({ viewer, hasPassword, createdAt, code, state }: PanelProps) {
  return (
    <FormPanel title="Recovery code">
      <p>With this code you set a new password if you lose yours. It works once.</p>
      {code !== undefined && <NewSecret label="New recovery code" secret={code} />}
      {code === undefined && (
        <>
          <p>
            {createdAt ? (
              <>
                You have had your code since <Time at={createdAt} clock={viewer.clock} />. A new one replaces
                it.
              </>
            ) : (
              "You have none yet."
            )}
          </p>
          <PanelForm action="/account/recovery-code" state={state} submit="Create new code">
            <AccountName viewer={viewer} />
            {hasPassword && <PasswordField state={state} />}
          </PanelForm>
        </>
      )}
    </FormPanel>
  )
}
