import { byId, cloneTemplate, closest, find, get } from "./elements.js"
import { emit, on } from "./events.js"
import { isPlainClick } from "./input-events.js"

/**
 * The divider before the first message that was unread when the page was opened. It stays while the viewer reads on. While
 * it is above the visible part of the log, a bar above the log links to it.
 */
export class UnreadDivider {
  #messages = byId("messages")
  #bar = find(document, "#new-bar")
  #visibility = new IntersectionObserver((entries) => this.#showBar(entries), { root: byId("log") })
  /** @type {HTMLElement | null} */
  #observed = null

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#observe()
    // It may arrive with older messages.
    new MutationObserver(() => this.#observe()).observe(this.#messages, { childList: true })
    this.#bar?.addEventListener("click", (event) => this.#jump(event))
    this.#bar?.addEventListener("htmx:after:request", () => {
      this.#divider?.remove()
      this.#hideBar()
      emit("log:all-read")
    })
    const onUnread = (/** @type {{ messageId: string }} */ { messageId }) => {
      const message = document.getElementById(`message-${messageId}`)
      if (!message) return

      this.#divider?.remove()
      message.before(cloneTemplate("new-divider"))
      this.#hideBar()
    }
    on("log:unread", onUnread, signal)
  }

  get #divider() {
    return find(this.#messages, ".new-divider")
  }

  #observe() {
    if (!this.#bar || this.#bar.hidden) return
    const divider = this.#divider
    if (divider === this.#observed) return

    this.#observed = divider
    if (divider) this.#visibility.observe(divider)
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #showBar(entries) {
    const last = entries.at(-1)
    // Removed from the page, it is as far away as before.
    if (!last?.target.isConnected) return
    // Seen once, it is not needed any more.
    if (last.isIntersecting) return this.#hideBar()

    const isAbove = last.boundingClientRect.top < (last.rootBounds?.top ?? 0)
    this.#bar?.classList.toggle("shown", isAbove)
  }

  #hideBar() {
    this.#visibility.disconnect()
    if (this.#bar) this.#bar.hidden = true
  }

  /** @param {MouseEvent} event */
  #jump(event) {
    if (!closest(event, "a") || !isPlainClick(event)) return

    const { hash } = get(byId("new-bar"), "a", HTMLAnchorElement)
    const first = find(document, hash)
    if (!first) return

    event.preventDefault()
    first.scrollIntoView({ block: "center" })
    first.focus({ preventScroll: true })
  }
}
