import { type Children, escapeHtml } from "@kitajs/html"
import { CardPage, type PageViewer } from "./layout.tsx"
import type { ServerName } from "./shell.tsx"
import { DialogLink, Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

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
        Already have an account? <a href={withNext("/login", next)}>Log in</a>
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

/** Changing one's password. */
export function ChangePasswordPanel({ viewer, state }: { viewer: PageViewer; state: FormState }) {
  return (
    <FormPanel title="Change password">
      <p>This logs out all your other devices.</p>
      <PanelForm action="/account/password" state={state} submit="Change password">
        <AccountName viewer={viewer} />
        <Field
          name="currentPassword"
          label="Current password"
          type="password"
          state={state}
          autocomplete="current-password"
          required
        />
        <Field
          name="newPassword"
          label="New password"
          type="password"
          state={state}
          hint="At least 8 characters"
          autocomplete="new-password"
          required
        />
      </PanelForm>
    </FormPanel>
  )
}

interface DeleteProps {
  viewer: PageViewer
  /** Servers that have to go first: their owner cannot leave them to nobody. */
  owned: ServerName[]
  state: FormState
}

/** Asks for the password: there is no way back. */
export function DeleteAccountPanel({ viewer, owned, state }: DeleteProps) {
  return (
    <FormPanel title="Delete account">
      {owned.length > 0 ? (
        <>
          <p>Delete the servers you own first:</p>
          <ul class="links">
            {owned.map(({ id, name }) => (
              <li>
                <DialogLink href={`/servers/${id}/delete`}>
                  <bdi safe>{name}</bdi>
                </DialogLink>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <p>
            This permanently deletes your account. Your messages stay, without your name: first delete those
            you don't want to keep.
          </p>
          <PanelForm action="/account/delete" state={state} submit="Delete account" danger>
            <AccountName viewer={viewer} />
            <Field
              name="password"
              label="Password"
              type="password"
              state={state}
              autocomplete="current-password"
              required
            />
          </PanelForm>
        </>
      )}
    </FormPanel>
  )
}

/** Tells password managers whose password it is. */
function AccountName({ viewer }: { viewer: PageViewer }) {
  return <input type="text" name="username" value={viewer.username} autocomplete="username" hidden readonly />
}
