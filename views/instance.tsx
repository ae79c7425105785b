import { escapeHtml } from "@kitajs/html"
import type { Instance } from "../src/features/instance/contract.ts"
import { CardPage } from "./layout.tsx"
import { NewPasswordField } from "./password-fields.tsx"
import { Field, FieldError, FormErrors, type FormState } from "./ui.tsx"

export type Options = [value: string, label: string, hint?: string][]

export const registrationOptions: Options = [
  ["invite", "People with an invitation", "You create invitations and share them"],
  [
    "approval",
    "People approved by an administrator",
    "They write why they want to join, and wait for approval",
  ],
  ["open", "Everyone who knows the address"],
  ["closed", "Nobody"],
]

export const serverCreationOptions: Options = [
  ["everyone", "Everyone"],
  ["administrators", "Administrators only"],
]

interface RadiosProps {
  name: string
  legend: string
  options: Options
  state: FormState
}

/** One of a few, below each other with what each means. */
export function Radios({ name, legend, options, state }: RadiosProps) {
  const error = state.errors?.[name]
  return (
    <fieldset class="radios" aria-describedby={error && `${name}-error`}>
      <legend safe>{legend}</legend>
      {options.map(([value, label, hint]) => (
        <label>
          <input type="radio" name={name} value={value} checked={state.values?.[name] === value} required />
          <span>
            <span safe>{label}</span>
            {hint !== undefined && (
              <small class="hint" safe>
                {hint}
              </small>
            )}
          </span>
        </label>
      ))}
      <FieldError name={name} error={error} />
    </fieldset>
  )
}

interface SetUpProps {
  token: string
  /** Who becomes administrator; nobody yet: they make an account. */
  username?: string
  state: FormState
}

/** The first page of a new instance. */
export function SetUpPage({ token, username, state }: SetUpProps) {
  return (
    <CardPage title="Set up this chat">
      <section class="panel">
        <h1>Set up this chat</h1>
        <p>This link works once. You can change these settings later.</p>
        <form method="post" action={`/setup/${escapeHtml(encodeURIComponent(token))}`}>
          <FormErrors state={state} />
          {username === undefined ? (
            <>
              <Field
                name="username"
                label="Your username"
                state={state}
                hint="2 to 32 letters a–z, digits, dots, dashes or underscores"
                autocomplete="username"
                required
                maxlength={32}
              />
              <NewPasswordField name="password" label="Your password" state={state} />
            </>
          ) : (
            <p>
              You are logged in as <bdi safe>{username}</bdi>, and become the administrator.
            </p>
          )}
          <Field name="name" label="Name of the chat" state={state} required maxlength={50} />
          <Radios name="registration" legend="Who may sign up" options={registrationOptions} state={state} />
          <Radios
            name="serverCreation"
            legend="Who may create servers"
            options={serverCreationOptions}
            state={state}
          />
          <p class="actions">
            <button class="primary" type="submit">
              Begin
            </button>
          </p>
        </form>
      </section>
    </CardPage>
  )
}

interface GoneProps {
  title: string
  message: string
}

/** What an address that does not work says. */
export function LinkGonePage({ title, message }: GoneProps) {
  return (
    <CardPage title={title}>
      <section class="panel">
        <h1 safe>{title}</h1>
        <p safe>{message}</p>
        <p class="aside">
          <a href="/login">Log in</a>
        </p>
      </section>
    </CardPage>
  )
}

/** Where one sets a new password by an address that an administrator made. */
export function ResetPasswordPage({ token, state }: { token: string; state: FormState }) {
  return (
    <CardPage title="New password">
      <section class="panel">
        <h1>New password</h1>
        <p>This logs out all devices of the account.</p>
        <form method="post" action={`/reset/${escapeHtml(encodeURIComponent(token))}`}>
          <FormErrors state={state} />
          <NewPasswordField state={state} />
          <p class="actions">
            <button class="primary" type="submit">
              Set password
            </button>
          </p>
        </form>
      </section>
    </CardPage>
  )
}

/** What people see whose account is not approved yet. */
export function WaitingPage({ username, instance }: { username: string; instance: Instance }) {
  return (
    <CardPage title="Waiting for approval">
      <section class="panel">
        <h1>Waiting for approval</h1>
        <p>
          Your account <bdi safe>{username}</bdi> at <bdi safe>{instance.name}</bdi> was created. An
          administrator has to approve it before you can use it. Reload this page later.
        </p>
        <form method="post" action="/logout">
          <p class="actions">
            <a class="button" href="/waiting">
              Reload
            </a>
            <button class="quiet" type="submit">
              Log out
            </button>
          </p>
        </form>
      </section>
    </CardPage>
  )
}
