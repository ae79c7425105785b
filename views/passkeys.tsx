import { type Children, escapeHtml } from "@kitajs/html"
import type { Passkey } from "../src/features/passkeys/contract.ts"
import { asset } from "../src/web/assets.ts"
import type { Clock } from "../src/web/clock.ts"
import { RenameOrRemove } from "./rename-or-remove.tsx"
import { Time } from "./times.tsx"
import { Field } from "./ui.tsx"

/** Logging in with a passkey; hidden until `static/passkeys.js` finds that the browser knows them. */
export function PasskeyLogin({ next }: { next: string }) {
  return (
    <>
      <form method="post" action="/login/passkey" data-passkey="/login/passkey/options" hidden>
        <input type="hidden" name="to" value={escapeHtml(next)} />
        <PasskeyAnswer />
        <button type="submit">Use a passkey</button>
      </form>
      <script type="module" src={asset("passkeys.js")} />
      <noscript>
        <p class="hint">Logging in with a passkey needs JavaScript.</p>
      </noscript>
    </>
  )
}

/** Fields that the script fills in, and its error message. A prefix avoids clashes with other fields of the form. */
function PasskeyAnswer({ prefix = "" }: { prefix?: "identity" | "" }) {
  return (
    <>
      <input type="hidden" name={prefix ? `${prefix}Step` : "step"} value="" data-step />
      <input type="hidden" name={prefix ? `${prefix}Response` : "response"} value="" data-response />
      <p role="status" class="error" />
    </>
  )
}

/** Confirming by a passkey who one is; hidden until the script finds that the browser knows them. */
export function PasskeyConfirmation({ children }: { children: Children }) {
  return (
    <>
      <form method="post" action="/account/confirm" data-passkey="/account/confirm/passkey/options" hidden>
        {children as "safe"}
        <PasskeyAnswer prefix="identity" />
        <p class="actions">
          <button type="submit">Use a passkey</button>
        </p>
      </form>
      <script type="module" src={asset("passkeys.js")} />
    </>
  )
}

interface Props {
  passkeys: Passkey[]
  /** A name for a new one. */
  device: string
  clock: Clock
}

const address = "/account/second-factor/passkeys"

/** A person's passkeys, and adding one. */
export function Passkeys({ passkeys, device, clock }: Props) {
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <p>
        Keys in your device or password manager: they log you in by fingerprint, face or PIN, without a
        password. With the first one, your password alone does not log you in any more.
      </p>
      {passkeys.length === 0 && <p class="empty">None.</p>}
      <ul class="entries">
        {passkeys.map((passkey) => (
          <li>
            <PasskeyRow passkey={passkey} clock={clock} />
          </li>
        ))}
      </ul>
      <form
        class="factor-form"
        method="post"
        action={address}
        data-passkey={`${address}/options`}
        data-passkey-new
        hidden
      >
        <PasskeyAnswer />
        <Field
          name="name"
          label="Name of the new passkey"
          state={{ values: { name: device } }}
          required
          maxlength={50}
          autocomplete="off"
        />
        <p class="actions">
          <button type="submit">Add a passkey</button>
        </p>
      </form>
      <script type="module" src={asset("passkeys.js")} />
      <noscript>
        <p class="hint">Adding a passkey needs JavaScript.</p>
      </noscript>
    </section>
  )
}

function PasskeyRow({ passkey, clock }: { passkey: Passkey; clock: Clock }) {
  const { id, name, createdAt, lastUsedAt, isBackedUp } = passkey
  return (
    <div class="grow">
      <b dir="auto" safe>
        {name}
      </b>
      <br />
      <small class="hint">
        Added <Time at={createdAt} clock={clock} />
        {lastUsedAt !== null && (
          <>
            , last used <Time at={lastUsedAt} clock={clock} />
          </>
        )}
        {isBackedUp && ", stored in a password manager"}
      </small>
      <RenameOrRemove id={id} name={name} address={address} />
    </div>
  )
}
