import { byId, findAll } from "./elements.js"
import { isTyping } from "./input-events.js"

const focusable = "a[href], button, input, select, textarea, summary, [tabindex]"

/**
 * The log by keyboard, with a roving tabindex: it is one stop for Tab, the message last focused or else the newest. Arrow
 * keys move between messages (`log-keys.js`), and Tab from a focused message goes through its controls.
 */
export class RovingFocus {
  #log = byId("log")
  #messages = byId("messages")
  /**
   * The id of the message last focused; `null` for the newest.
   * @type {string | null}
   */
  #current = null
  /**
   * The one stop for Tab.
   * @type {HTMLElement | undefined}
   */
  #stop

  constructor() {
    for (const article of this.#articles) this.#add(article)
    this.#updateStops()
    new MutationObserver((records) => this.#changed(records)).observe(this.#messages, { childList: true })
    this.#log.addEventListener("focusin", ({ target }) => this.#entered(target))
    this.#log.addEventListener("focusout", (event) => this.#left(event))
    this.#log.addEventListener("keydown", (event) => this.#leave(event))
  }

  get #articles() {
    return findAll(this.#messages, ":scope > .message")
  }

  /** @param {MutationRecord[]} records */
  #changed(records) {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (node instanceof HTMLElement && node.matches(".message")) this.#add(node)
      }
    }
    this.#updateStops()
  }

  /**
   * A focused message is read as a whole, and its controls are no stops.
   * @param {HTMLElement} article
   */
  #add(article) {
    article.tabIndex = -1
    article.setAttribute("aria-labelledby", article.id)
    if (!article.contains(document.activeElement)) removeStops(article)
  }

  /** @param {EventTarget | null} target */
  #entered(target) {
    const article = articleOf(target)
    if (!article) return

    for (const control of findAll(article, focusable)) control.tabIndex = 0
    this.#current = article.id
    this.#updateStops()
  }

  /** @param {FocusEvent} event */
  #left({ target, relatedTarget }) {
    const article = articleOf(target)
    const next = relatedTarget instanceof Node ? relatedTarget : null
    if (!article || article.contains(next)) return

    removeStops(article)
    if (!this.#log.contains(next) && article === lastMessageIn(this.#messages)) this.#current = null
  }

  #updateStops() {
    const chosen = this.#current ? document.getElementById(this.#current) : null
    const current = chosen?.parentElement === this.#messages ? chosen : lastMessageIn(this.#messages)
    if (this.#stop && this.#stop !== current) this.#stop.tabIndex = -1
    if (current) current.tabIndex = 0
    this.#stop = current ?? undefined
    // An empty log is a stop itself.
    this.#log.tabIndex = current ? -1 : 0
  }

  /**
   * Back to where one writes; the next time, the log is entered at its newest message.
   * @param {KeyboardEvent} event
   */
  #leave(event) {
    const { key, ctrlKey, metaKey, altKey } = event
    if (key !== "Escape" || ctrlKey || metaKey || altKey || event.defaultPrevented || isTyping(event)) return

    event.preventDefault()
    this.#current = null
    this.#updateStops()
    byId("composer-content").focus()
  }
}

/** @param {EventTarget | null} target */
function articleOf(target) {
  if (!(target instanceof Element)) return null
  return /** @type {HTMLElement | null} */ (target.closest("#messages > .message"))
}

/** @param {Element} messages */
function lastMessageIn(messages) {
  let last = messages.lastElementChild
  while (last && !last.matches(".message")) last = last.previousElementSibling
  return /** @type {HTMLElement | null} */ (last)
}

/** @param {HTMLElement} article */
function removeStops(article) {
  for (const control of findAll(article, focusable)) control.tabIndex = -1
}
