import { type Children, escapeHtml } from "@kitajs/html"
import type { SignInWays } from "../src/features/identity-providers/contract.ts"
import type { Instance } from "../src/features/instance/contract.ts"
import { asset } from "../src/web/assets.ts"
import { currentLook } from "../src/web/look.ts"
import { OtherWays, ProviderButtons } from "./identity-providers.tsx"
import { CardPage, type PageViewer } from "./layout.tsx"
import { Acceptance, LinkedText } from "./look.tsx"
import { PasskeyLogin } from "./passkeys.tsx"
import { NewPasswordField, PasswordField } from "./password-fields.tsx"
import { AccountName, Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface Props {
  instance: Instance
  ways: SignInWays
  state: FormState
  /** Where to go afterwards. */
  next: string
}

/** Where people sign in. */
export function LoginPage({ instance, ways, notice, state, next }: Props & { notice?: string }) {
  return (
    <Entrance title="Log in" instance={instance}>
      {notice !== undefined && (
        <p role="status" safe>
          {notice}
        </p>
      )}
      {ways.passwords ? <PasswordForm state={state} next={next} /> : <FormErrors state={state} />}
      <OtherWays ways={ways} next={next} />
      <NewHere instance={instance} next={next} />
    </Entrance>
  )
}

function PasswordForm({ state, next }: Pick<Props, "state" | "next">) {
  return (
    <>
      <form method="post" action="/login">
        <FormErrors state={state} />
        <input type="hidden" name="next" value={escapeHtml(next)} />
        <Field
          name="username"
          label="Username"
          state={state}
          autocomplete="username webauthn"
          required
          autofocus
        />
        <PasswordField state={state} />
        <p class="actions">
          <button class="primary" type="submit">
            Log in
          </button>
        </p>
      </form>
      <PasskeyLogin next={next} />
      <p class="aside">
        <a href="/forgot">Lost your password?</a>
      </p>
    </>
  )
}

/** The way to an account, where there is one. */
function NewHere({ instance, next }: Pick<Props, "instance" | "next">) {
  const { registration, isSetUp } = instance
  if (registration === "open" || registration === "approval")
    return (
      <p class="aside">
        New here? <a href={withNext("/signup", next)}>Sign up</a>
      </p>
    )
  return (
    <p class="aside" safe>
      {registration === "closed" && !isSetUp ? howToBegin : noSignUps[registration]}
    </p>
  )
}

const howToBegin = "This chat is not set up yet. Its operator finds the setup link in the server's log."
const noSignUps = {
  closed: "Sign-ups are closed here.",
  invite: "New here? Sign-ups need an invitation: open the link you were given.",
}

interface SignUpProps extends Props {
  invitation?: string
  /** A challenge to work on in place of the question, where the instance takes that. */
  work?: { challenge: string; bits: number }
}

/** Where people make an account. */
export function SignUpPage({ instance, ways, invitation = "", work, state, next }: SignUpProps) {
  const { registration } = instance
  if (registration === "closed" || (registration === "invite" && invitation === ""))
    return (
      <Entrance title="Sign up" instance={instance}>
        <FormErrors state={state} />
        {/* Its people may have an account all the same. */}
        <ProviderButtons ways={ways} next={next} />
        <NewHere instance={instance} next={next} />
        <p class="aside">
          Already have an account? <a href={withNext("/login", next)}>Log in</a>
        </p>
      </Entrance>
    )
  return (
    <Entrance title="Sign up" instance={instance}>
      {ways.passwords ? (
        <SignUpForm instance={instance} invitation={invitation} work={work} state={state} next={next} />
      ) : (
        <FormErrors state={state} />
      )}
      <OtherWays ways={ways} next={next} invitation={invitation} />
      <p class="aside">
        Already have an account? <a href={withNext("/login", next)}>Log in</a>
      </p>
    </Entrance>
  )
}

function SignUpForm({ instance, invitation = "", work, state, next }: Omit<SignUpProps, "ways">) {
  return (
    <form method="post" action="/signup">
      {invitation !== "" && <input type="hidden" name="invitation" value={escapeHtml(invitation)} />}
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
      <NewPasswordField name="password" label="Password" state={state} />
      {invitation === "" && <Questions instance={instance} work={work} state={state} />}
      <Acceptance look={currentLook()} />
      <p class="actions">
        <button class="primary" type="submit">
          Sign up
        </button>
      </p>
    </form>
  )
}

/** What people without an invitation are asked. */
function Questions({
  instance: { registration, signUpQuestion },
  work,
  state,
}: Pick<SignUpProps, "instance" | "state" | "work">) {
  return (
    <>
      {registration === "approval" && (
        <Field
          name="application"
          label="Why do you want to join?"
          state={state}
          hint="An administrator reads this and approves your account"
          required
          maxlength={500}
        />
      )}
      {signUpQuestion !== "" && (
        <div
          {...(work && {
            "data-work": work.challenge,
            "data-bits": work.bits,
            "data-worker": asset("sign-up-work-worker.js"),
          })}
        >
          <Field
            name="answer"
            label={signUpQuestion}
            state={state}
            hint="This question blocks automated sign-ups"
            required
            autocomplete="off"
          />
        </div>
      )}
      {signUpQuestion !== "" && work !== undefined && (
        <>
          <input type="hidden" name="work" value="" />
          <p class="hint" role="status" data-work-status />
          <script type="module" src={asset("sign-up-work.js")} />
        </>
      )}
    </>
  )
}

interface EntranceProps {
  title: string
  instance: Instance
  children?: Children
}

/** A page for who is not signed in. */
export function Entrance({ title, instance: { signInText }, children }: EntranceProps) {
  return (
    <CardPage title={title}>
      <section class="panel">
        <h1 safe>{title}</h1>
        {signInText !== "" && (
          <p class="sign-in-text" dir="auto">
            <LinkedText text={signInText} />
          </p>
        )}
        {children as "safe"}
      </section>
    </CardPage>
  )
}

/** The same place to go afterwards, whichever form is used. */
export function withNext(path: string, next: string): string {
  return next === "/" ? path : `${path}?next=${encodeURIComponent(next)}`
}

interface PasswordProps {
  viewer: PageViewer
  /** Without one, they log in at a provider. */
  hasPassword: boolean
  state: FormState
}

/** Changing the viewer's password, or setting the first one. */
export function ChangePasswordPanel({ viewer, hasPassword, state }: PasswordProps) {
  const title = hasPassword ? "Change password" : "Set a password"
  return (
    <FormPanel title={title}>
      <p>This logs out all your other devices.</p>
      <PanelForm action="/account/password" state={state} submit={title}>
        <AccountName viewer={viewer} />
        {hasPassword && <PasswordField name="currentPassword" label="Current password" state={state} />}
        <NewPasswordField state={state} />
      </PanelForm>
    </FormPanel>
  )
}
