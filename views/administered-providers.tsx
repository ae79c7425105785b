import { escapeHtml } from "@kitajs/html"
import type { IdentityProvider, ProviderCheck } from "../src/features/identity-providers/contract.ts"
import { Check } from "./fields.tsx"
import { Field, FieldError, FormErrors, type FormState } from "./ui.tsx"

interface ListProps {
  providers: IdentityProvider[]
  allowsPasswords: boolean
  state: FormState
}

/** Where people log in. */
export function ProvidersPage({ providers, allowsPasswords, state }: ListProps) {
  return (
    <>
      <FormErrors state={state} />
      <p>People can log in with an account that they have elsewhere, by OpenID Connect.</p>
      <h2>Providers</h2>
      {providers.length === 0 && <p class="empty">None yet.</p>}
      <ul class="entries">
        {providers.map(({ id, name, issuer, isEnabled, people }) => (
          <li>
            <span class="grow">
              <a href={`/admin/sign-in/${escapeHtml(id)}`}>
                <bdi safe>{name}</bdi>
              </a>
              <br />
              <small
                class="hint"
                safe
              >{`${issuer} · ${people === 1 ? "1 person" : `${people} people`}`}</small>
            </span>
            {!isEnabled && <span class="badge">off</span>}
          </li>
        ))}
      </ul>
      <p>
        <a class="button" href="/admin/sign-in/new">
          Add a provider
        </a>
      </p>
      <h2>Passwords</h2>
      <p>
        {allowsPasswords
          ? "People can also log in and sign up with a password. Without, they can only log in at a provider."
          : "Passwords are switched off: people log in at a provider only."}
      </p>
      <form method="post" action="/admin/sign-in/passwords">
        <input type="hidden" name="isAllowed" value={allowsPasswords ? "no" : "yes"} />
        <p class="actions">
          <button type="submit">{allowsPasswords ? "Switch passwords off" : "Allow passwords"}</button>
        </p>
      </form>
    </>
  )
}

export interface RoleOption {
  roleId: string
  roleName: string
  serverId: string
  serverName: string
}

interface ProviderProps {
  id: string
  /** `undefined` for a new one. */
  provider?: IdentityProvider
  redirectAddress: string
  /** Whether the operator said by which address this chat is reached. */
  isAddressSure: boolean
  /** The roles that groups can give. */
  roles: RoleOption[]
  /** The numbers of the lines with groups. */
  lines: number[]
  checks?: ProviderCheck[]
  isSaved: boolean
  state: FormState
}

/** One provider: what to enter there, what to enter here, and whether it works. */
export function ProviderPage(props: ProviderProps) {
  const { id, provider, redirectAddress, isAddressSure, checks, isSaved } = props
  const action = provider ? `/admin/sign-in/${escapeHtml(id)}` : "/admin/sign-in"
  return (
    <>
      <p>
        <a class="way-back" href="/admin/sign-in">
          All providers
        </a>
      </p>
      {isSaved && <p role="status">Saved.</p>}
      {checks !== undefined && <Checks checks={checks} />}
      <div class="field">
        <label for="redirect-address">Redirect address</label>
        <input id="redirect-address" class="link" type="text" readonly value={escapeHtml(redirectAddress)} />
        <small class="hint">
          Enter it at the provider exactly as it is here.
          {!isAddressSure && " Set PUBLIC_URL to the address at which people reach this chat."}
        </small>
      </div>
      <ProviderForm {...props} action={action} />
      {provider !== undefined && <CheckAndDelete action={action} provider={provider} />}
    </>
  )
}

const names: Record<ProviderCheck["name"], string> = {
  address: "Address",
  issuer: "Issuer",
  endpoints: "Endpoints",
  flow: "Code flow with PKCE",
  keys: "Keys",
  client: "Client",
  redirect: "Redirect address",
}

function Checks({ checks }: { checks: ProviderCheck[] }) {
  const isWorking = checks.every(({ isPassed }) => isPassed)
  return (
    <section aria-labelledby="checks">
      <h2 id="checks">Check</h2>
      <p role="status" class={isWorking ? undefined : "error"}>
        {isWorking ? "Everything works. Now log in with it once." : "This check failed:"}
      </p>
      <ul class="entries">
        {checks.toReversed().map(({ name, isPassed, message }) => (
          <li>
            <span class="grow">
              <b safe>{names[name]}</b>: <span safe>{message}</span>
            </span>
            <span class="badge">{isPassed ? "passed" : "failed"}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ProviderForm({ id, action, provider, roles, lines, state }: ProviderProps & { action: string }) {
  return (
    <form method="post" action={action}>
      <FormErrors state={state} />
      {!provider && <input type="hidden" name="id" value={escapeHtml(id)} />}
      <Field
        name="name"
        label="Name"
        state={state}
        hint="Shown as “Continue with …”"
        required
        maxlength={50}
      />
      <Field
        name="issuer"
        label="Issuer"
        state={state}
        hint="The provider's exact address, such as https://auth.example.org/realms/people"
        required
      />
      <Field name="clientId" label="Client ID" state={state} required />
      <Field
        name="clientSecret"
        label="Client secret"
        type="password"
        state={state}
        hint={
          provider?.hasSecret
            ? "One is stored, encrypted. Leave it empty to keep it"
            : "Stored encrypted, and never shown again. Empty for a public client"
        }
        autocomplete="off"
      />
      <Field name="scopes" label="Scopes" state={state} required />
      <Field
        name="domains"
        label="Domains whose people get an account"
        state={state}
        hint="Such as example.org, separated by commas. The provider must have verified their e-mail address. Others follow the settings for sign-ups"
      />
      <Groups roles={roles} lines={lines} state={state} />
      <Check
        name="isEnabled"
        label="People can log in with it"
        isChecked={state.values?.isEnabled === "on"}
      />
      <Check
        name="asksSecondFactor"
        label="People who have a second factor here are asked for it, too"
        isChecked={state.values?.asksSecondFactor === "on"}
      />
      <p class="actions">
        <button class="primary" type="submit">
          {provider ? "Save" : "Add and check"}
        </button>
      </p>
    </form>
  )
}

/** What the members of groups get. */
function Groups({ roles, lines, state }: Pick<ProviderProps, "roles" | "lines" | "state">) {
  const values = state.values ?? {}
  const servers = Map.groupBy(roles, ({ serverId }) => serverId)
  return (
    <fieldset class="group-roles">
      <legend>Roles by groups</legend>
      <small class="hint">
        At each login, members of a group get the role, and others lose it. Roles that are not named here stay
        as they are. You can name roles that you may give.
      </small>
      <Field
        name="groupsClaim"
        label="Claim with the groups"
        state={state}
        hint="Such as groups or realm_access.roles. Empty: roles do not depend on groups"
      />
      {lines.map((at) => (
        <div class="field pair">
          <input
            type="text"
            name={`group${at}`}
            aria-label={`Group ${at + 1}`}
            placeholder="Group"
            value={escapeHtml(values[`group${at}`] ?? "")}
            maxlength={200}
          />
          <select name={`role${at}`} aria-label={`Role of group ${at + 1}`}>
            <RoleOptions servers={servers} chosen={values[`role${at}`] ?? ""} />
          </select>
          <FieldError name={`groupRoles.${at}`} error={state.errors?.[`groupRoles.${at}`]} />
        </div>
      ))}
    </fieldset>
  )
}

function RoleOptions({ servers, chosen }: { servers: Map<string, RoleOption[]>; chosen: string }) {
  return (
    <>
      <option value="">Nothing</option>
      <option value="administrator" selected={chosen === "administrator"}>
        Administrator of this chat
      </option>
      {[...servers.values()].map((roles) => (
        <optgroup label={escapeHtml(roles[0]?.serverName ?? "")}>
          {roles.map(({ serverId, roleId, roleName }) => (
            <option
              value={escapeHtml(`${serverId}/${roleId}`)}
              selected={`${serverId}/${roleId}` === chosen}
              safe
            >
              {roleName}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  )
}

function CheckAndDelete({ action, provider }: { action: string; provider: IdentityProvider }) {
  return (
    <>
      <h2>Check</h2>
      <p>Checks the saved settings with the provider.</p>
      <form method="post" action={`${action}/check`}>
        <p class="actions">
          <button type="submit">Check</button>
        </p>
      </form>
      <details>
        <summary>Delete this provider</summary>
        <form method="post" action={`${action}/delete`}>
          <p safe>
            {provider.people === 0
              ? "Nobody is connected to it."
              : `${provider.people === 1 ? "One person is" : `${provider.people} people are`} connected to it. Anyone without another way to log in needs a link for a new password from you.`}
          </p>
          <p class="actions">
            <button class="danger" type="submit">
              Delete provider
            </button>
          </p>
        </form>
      </details>
    </>
  )
}
