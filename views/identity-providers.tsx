import { escapeHtml } from "@kitajs/html"
import type { ConnectedProvider, SignInWays } from "../src/features/identity-providers/contract.ts"
import { currentLook } from "../src/web/look.ts"
import { CardPage, Page, type PageViewer } from "./layout.tsx"
import { Acceptance } from "./look.tsx"
import { Field, FormErrors, FormPanel, type FormState } from "./ui.tsx"

interface ButtonsProps {
  ways: SignInWays
  /** Where to go afterwards. */
  next: string
  /** The code of an invitation to the instance. */
  invitation?: string
}

/** The ways to log in or sign up at a provider: plain links, which lead there. */
export function ProviderButtons({ ways: { providers }, next, invitation = "" }: ButtonsProps) {
  if (providers.length === 0) return ""

  const query = new URLSearchParams({
    ...(next !== "/" && { next }),
    ...(invitation !== "" && { invitation }),
  })
  const suffix = query.size > 0 ? `?${query}` : ""
  return (
    <ul class="provider-buttons">
      {providers.map(({ id, name }) => (
        <li>
          <a class="button" href={escapeHtml(`/login/with/${encodeURIComponent(id)}${suffix}`)}>
            Continue with <bdi safe>{name}</bdi>
          </a>
        </li>
      ))}
    </ul>
  )
}

/** Between the form for passwords and the providers. */
export function OtherWays(props: ButtonsProps) {
  if (props.ways.providers.length === 0) return ""

  return (
    <>
      {props.ways.passwords && <p class="or">or</p>}
      <ProviderButtons {...props} />
    </>
  )
}

interface NewAccountProps {
  provider: { id: string; name: string }
  /** An administrator approves the account. */
  needsApplication: boolean
  state: FormState
}

/** Where someone chooses a username whom a provider has identified. */
export function NewAccountPage({ provider, needsApplication, state }: NewAccountProps) {
  return (
    <CardPage title="Your new account">
      <section class="panel">
        <h1>Your new account</h1>
        <p>
          You are logged in at <bdi safe>{provider.name}</bdi>, and have no account here yet.
        </p>
        <form method="post" action={`/login/with/${escapeHtml(encodeURIComponent(provider.id))}/account`}>
          <FormErrors state={state} />
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
          {needsApplication && (
            <Field
              name="application"
              label="Why do you want to join?"
              state={state}
              hint="An administrator reads this and approves your account"
              required
              maxlength={500}
            />
          )}
          <Acceptance look={currentLook()} />
          <p class="actions">
            <button class="primary" type="submit">
              Create account
            </button>
          </p>
        </form>
        <p class="aside">
          Do you have an account here already? <a href="/login?next=/account/providers">Log in to it</a> and
          connect <bdi safe>{provider.name}</bdi> in your account.
        </p>
      </section>
    </CardPage>
  )
}

interface GoOnProps {
  viewer: PageViewer
  action: string
  fields: [name: string, value: string][]
}

/** Sends the form again that a confirmation at a provider has interrupted. */
export function GoOnPage({ viewer, action, fields }: GoOnProps) {
  return (
    <CardPage title="Confirmed" viewer={viewer}>
      <section class="panel">
        <h1>Confirmed</h1>
        <p>Your identity is confirmed. What you entered is still here.</p>
        <form method="post" action={escapeHtml(action)}>
          {fields.map(([name, value]) => (
            <input type="hidden" name={escapeHtml(name)} value={escapeHtml(value)} />
          ))}
          <p class="actions">
            <button class="primary" type="submit">
              Continue
            </button>
          </p>
        </form>
      </section>
    </CardPage>
  )
}

/** Leads to a provider. A page of its own, because forms may lead only to pages of ours. */
export function ToProviderPage({ url, name }: { url: string; name: string }) {
  const address = escapeHtml(url)
  return (
    <Page
      title={name}
      bodyClass="form-page"
      script={false}
      head={<meta http-equiv="refresh" content={`0; url=${address}`} />}
    >
      <main id="main">
        <section class="panel">
          <h1 safe>{name}</h1>
          <p>
            <a class="button" href={address}>
              Continue to <bdi safe>{name}</bdi>
            </a>
          </p>
        </section>
      </main>
    </Page>
  )
}

interface ConnectedProps {
  providers: ConnectedProvider[]
  /** The name of the provider that was just connected. */
  done?: string
  state: FormState
}

/** The providers that the viewer's account is connected to. */
export function ConnectedProviders({ providers, done, state }: ConnectedProps) {
  return (
    <FormPanel title="Log in with other accounts">
      {done !== undefined && (
        <p role="status" safe>
          {`Connected. You can log in with ${done} now.`}
        </p>
      )}
      <FormErrors state={state} />
      {providers.length === 0 ? (
        <p class="empty">This chat has no providers to log in with.</p>
      ) : (
        <p>Connect your accounts at these providers to log in with them.</p>
      )}
      <ul class="entries">
        {providers.map((provider) => (
          <li>
            <Connection provider={provider} />
          </li>
        ))}
      </ul>
      <p>
        <a href="/account">Back to your account</a>
      </p>
    </FormPanel>
  )
}

function Connection({ provider: { id, name, isConnected, isLastWay } }: { provider: ConnectedProvider }) {
  const action = `/account/providers/${escapeHtml(encodeURIComponent(id))}`
  return (
    <>
      <span class="grow">
        <bdi safe>{name}</bdi>
        {isConnected && <small class="hint"> connected</small>}
        {isLastWay && (
          <>
            <br />
            <small class="hint">This is how you log in. Set a password to be able to disconnect it.</small>
          </>
        )}
      </span>
      {!isConnected && (
        <form method="post" action={`${action}/connect`}>
          <button type="submit" aria-label={`Connect ${escapeHtml(name)}`}>
            Connect
          </button>
        </form>
      )}
      {isConnected && !isLastWay && (
        <form method="post" action={`${action}/disconnect`}>
          <button class="quiet" type="submit" aria-label={`Disconnect ${escapeHtml(name)}`}>
            Disconnect
          </button>
        </form>
      )}
    </>
  )
}
