import { byId, find, get } from "./elements.js"
import { on } from "./events.js"
import { excerptIn } from "./message-text.js"
import { StoredValue } from "./storage.js"

/**
 * A message that is replied to, with its author.
 * @typedef {{ id: string, name: string }} ReplyTarget
 */

/**
 * Which message the next one replies to. Stored on this device with the draft, without the message's text, which may be
 * edited or deleted.
 */
export class ReplyBar {
  #bar = byId("composer-reply")
  #field = get(this.#bar, "input", HTMLInputElement)
  /** @type {StoredValue<ReplyTarget | null>} */
  #stored
  #onChange

  /**
   * @param {{ key: string, signal: AbortSignal, onChange: () => void }} options `key` identifies viewer and channel
   */
  constructor({ key, signal, onChange }) {
    this.#stored = new StoredValue(`reply:${key}`, null)
    this.#onChange = onChange
    if (this.#field.value) this.#takeFromUrl()
    else if (this.#stored.value) this.#show()

    get(this.#bar, ".cancel-reply").addEventListener("click", (event) => {
      event.preventDefault()
      this.#set(null)
    })
    on("composer:reply", ({ messageId }) => this.#start(messageId), signal)
  }

  /** The target, for the message that is sent now. The next message replies to nothing. */
  take() {
    const target = this.#stored.value
    if (target) {
      this.#stored.value = null
      this.#show()
    }
    return target
  }

  /** `false` if there was nothing to cancel. */
  cancel() {
    if (!this.#stored.value) return false

    this.#set(null)
    return true
  }

  /** `?reply=` asked for it. A reload must not ask again. */
  #takeFromUrl() {
    const name = get(this.#bar, ".replying-name").textContent
    this.#stored.value = { id: this.#field.value, name }
    history.replaceState(history.state, "", location.pathname + location.hash)
  }

  /** @param {string} id */
  #start(id) {
    const article = document.getElementById(`message-${id}`)
    const author = article && find(article, ".author")
    this.#set({ id, name: author?.textContent ?? "a message" })
  }

  /** @param {ReplyTarget | null} target */
  #set(target) {
    this.#stored.value = target
    this.#show()
    this.#onChange()
  }

  #show() {
    const { id, name } = this.#stored.value ?? { id: "", name: "" }
    const article = id && document.getElementById(`message-${id}`)
    this.#field.value = id
    get(this.#bar, ".replying-name").textContent = name
    get(this.#bar, ".replying-excerpt").textContent = article ? excerptIn(article) : ""
    this.#bar.hidden = !id
  }
}
