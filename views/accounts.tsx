import { type Children, escapeHtml } from "@kitajs/html"
import { CardPage } from "./layout.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

interface Props {
  state: FormState
  /** Where to go afterwards. */
  next: string
}

/** Where people sign in. */
export function LoginPage({ state, next }: Props) {
  return (
    <Entrance title="Log in">
      <form method="post" action="/login">
        <FormErrors state={state} />
        <input type="hidden" name="next" value={escapeHtml(next)} />
        <Field name="username" label="Username" state={state} autocomplete="username" required autofocus />
        <Field
          name="password"
          label="Password"
          type="password"
          state={state}
          autocomplete="current-password"
          required
        />
        <p class="actions">
          <button class="primary" type="submit">
            Log in
          </button>
        </p>
      </form>
      <p class="aside">
        New here? <a href={withNext("/signup", next)}>Sign up</a>
      </p>
    </Entrance>
  )
}

/** Where people make an account. */
export function SignUpPage({ state, next }: Props) {
  return (
    <Entrance title="Sign up">
      <form method="post" action="/signup">
        <FormErrors state={state} />
        <input type="hidden" name="next" value={escapeHtml(next)} />
        <Field
          name="username"
          label="Username"
          state={state}
          hint="2 to 32 letters a–z, digits, dots, dashes or underscores"
          autocomplete="username"
          required
          maxlength={32}
          autofocus
        />
        <Field
          name="password"
          label="Password"
          type="password"
          state={state}
          hint="At least 8 characters"
          autocomplete="new-password"
          required
        />
        <p class="actions">
          <button class="primary" type="submit">
            Sign up
          </button>
        </p>
      </form>
      <p class="aside">
        Have an account? <a href={withNext("/login", next)}>Log in</a>
      </p>
    </Entrance>
  )
}

function Entrance({ title, children }: { title: string; children?: Children }) {
  return (
    <CardPage title={title}>
      <section class="panel">
        <h1 safe>{title}</h1>
        {children as "safe"}
      </section>
    </CardPage>
  )
}

/** The same place to go afterwards, whichever form is used. */
export function withNext(path: string, next: string): string {
  return next === "/" ? path : `${path}?next=${encodeURIComponent(next)}`
}
