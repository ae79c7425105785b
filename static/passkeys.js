/** Starts the forms of passkeys. The pages to log in load no other script. */

import { findAll } from "./elements.js"
import { post } from "./requests.js"

const failed = "That did not work. Try again, or log in another way."

/** A challenge is valid for five minutes: the browser's suggestions are requested again before that. */
const suggestionMs = 240_000

const isSupported = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential

/**
 * A form that is sent with the answer of a passkey. Its `data-passkey` is the path that says what to ask: to use one, or
 * with `data-passkey-new` to create one. The answer goes into the fields `[data-step]` and `[data-response]`.
 */
class PasskeyForm {
  #form
  /** Ends what the browser suggests: it asks one thing at a time. */
  #suggestion = new AbortController()

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form
    form.hidden = false
    form.dataset.passkeyReady = ""
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#ask().catch((error) => this.#say(error instanceof Refused ? error.message : failed))
    })
  }

  /** Suggests passkeys where the browser suggests usernames. Whatever fails, the button is still there. */
  async suggest() {
    if (document.hidden || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return

    this.#suggestion = new AbortController()
    const { signal } = this.#suggestion
    const again = setTimeout(() => {
      this.#suggestion.abort()
      this.suggest()
    }, suggestionMs)
    try {
      const { step, options } = await this.#challenge()
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
      const credential = await navigator.credentials.get({ mediation: "conditional", publicKey, signal })
      clearTimeout(again)
      this.#send(step, credential)
    } catch {}
  }

  async #ask() {
    this.#say("")
    this.#suggestion.abort()
    const { step, options } = await this.#challenge()
    this.#send(step, await this.#credential(options))
  }

  /** The request for the browser. */
  async #challenge() {
    const answer = await (await post(this.#form.dataset.passkey ?? "")).json()
    if (answer.error?.code === 403 && this.#creates) {
      location.assign(`/account/confirm?next=${encodeURIComponent(location.pathname)}`)
    }
    if (answer.error) throw new Refused(answer.error.message)

    return { step: answer.step, options: JSON.parse(answer.options) }
  }

  /**
   * @param {string} step
   * @param {Credential | null} credential
   */
  #send(step, credential) {
    if (!(credential instanceof PublicKeyCredential)) throw new Refused(failed)

    this.#fill("[data-step]", step)
    this.#fill("[data-response]", JSON.stringify(credential.toJSON()))
    this.#form.submit()
  }

  get #creates() {
    return this.#form.dataset.passkeyNew !== undefined
  }

  /** @param {any} options */
  #credential(options) {
    return this.#creates
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
  }

  /**
   * @param {string} selector
   * @param {string} value
   */
  #fill(selector, value) {
    const input = this.#form.querySelector(selector)
    if (input instanceof HTMLInputElement) input.value = value
  }

  /** @param {string} text */
  #say(text) {
    const status = this.#form.querySelector("[role=status]")
    if (status) status.textContent = text
  }
}

/** What the server said, for the person. */
class Refused extends Error {}

function start() {
  for (const form of findAll(document, "form[data-passkey]:not([data-passkey-ready])")) {
    if (!(form instanceof HTMLFormElement)) continue
    const passkeyForm = new PasskeyForm(form)
    if (document.querySelector("[autocomplete~=webauthn]")) passkeyForm.suggest()
  }
}

if (isSupported) {
  start()
  // The dialog may ask for a passkey, too.
  document.addEventListener("htmx:after:swap", start)
}
