/** Starts the forms of passkeys. The pages to log in load no other script. */

import { findAll } from "./elements.js"
import { post } from "./requests.js"

const failed = "That did not work. Try again, or log in another way."

/**
 * A form that is sent with the answer of a passkey. Its `data-passkey` is the path that says what to ask: to create one,
 * where the form has a field for its name, or to use one.
 */
class PasskeyForm {
  #form

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form
    if (!("PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential)) return

    form.hidden = false
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#ask().catch((error) => this.#say(error instanceof Refused ? error.message : failed))
    })
  }

  async #ask() {
    this.#say("")
    const response = await post(this.#form.dataset.passkey ?? "")
    const answer = await response.json()
    if (answer.error?.code === 403 && this.#creates) {
      location.assign(`/account/confirm?next=${encodeURIComponent(location.pathname)}`)
      return
    }
    if (answer.error) throw new Refused(answer.error.message)

    const { step, options } = answer
    const credential = await this.#credential(JSON.parse(options))
    if (!(credential instanceof PublicKeyCredential)) throw new Refused(failed)

    this.#fill("step", step)
    this.#fill("response", JSON.stringify(credential.toJSON()))
    this.#form.submit()
  }

  get #creates() {
    return this.#form.elements.namedItem("name") !== null
  }

  /** @param {any} options */
  #credential(options) {
    return this.#creates
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #fill(name, value) {
    const input = this.#form.elements.namedItem(name)
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

for (const form of findAll(document, "form[data-passkey]")) {
  if (form instanceof HTMLFormElement) new PasskeyForm(form)
}
