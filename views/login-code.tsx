import { escapeHtml } from "@kitajs/html"
import type { Instance } from "../src/features/instance/contract.ts"
import { Entrance, withNext } from "./accounts.tsx"
import { PasskeyLogin } from "./passkeys.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

interface LoginCodeProps {
  instance: Instance
  state: FormState
  next: string
  /** The step has expired: the sign-in must start again. */
  isOver?: boolean
}

/** The second step of logging in. */
export function LoginCodePage({ instance, state, next, isOver }: LoginCodeProps) {
  return (
    <Entrance title="Enter your code" instance={instance}>
      {isOver ? (
        <FormErrors state={state} />
      ) : (
        <form method="post" action="/login/code">
          <FormErrors state={state} />
          <input type="hidden" name="next" value={escapeHtml(next)} />
          <Field
            name="code"
            label="Code"
            state={state}
            hint="From your authenticator app, or one of your backup codes"
            autocomplete="one-time-code"
            required
            autofocus
          />
          <label class="check">
            <input type="checkbox" name="trustDevice" value="yes" /> Trust this device for 30 days
          </label>
          <p class="actions">
            <button class="primary" type="submit">
              Log in
            </button>
          </p>
        </form>
      )}
      {!isOver && <PasskeyLogin next={next} />}
      <p class="aside">
        <a href={withNext("/login", next)}>Start again</a>
      </p>
    </Entrance>
  )
}
