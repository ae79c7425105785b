import { byId, findAll } from "./elements.js"
import { isTyping } from "./input-events.js"

const focusable = "a[href], button, input, select, textarea, summary, [tabindex]"

/**
 * The log by keyboard, with a roving tabindex: it is one stop for Tab, the message last focused or else the newest. Arrow
 * keys move between messages, and Tab from a focused message goes through its controls.
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
    this.#log.addEventListener("keydown", (event) => this.#onKeyDown(event))
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

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return

    if (this.#move(event, articleOf(event.target))) event.preventDefault()
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement | null} article
   */
  #move({ key, shiftKey }, article) {
    if (key === "Escape") {
      this.#current = null
      this.#updateStops()
      byId("composer-content").focus()
      return true
    }
    const articles = this.#articles
    const next = shiftKey ? undefined : this.#indexAfter(key, articles, article)
    if (next === undefined) return false

    const target = articles[Math.min(Math.max(next, 0), articles.length - 1)]
    target?.focus({ preventScroll: true })
    target?.scrollIntoView({ block: "nearest" })
    // Scrolled to either end, the log loads more.
    if (next <= 0) this.#log.scrollTop = 0
    if (next >= articles.length - 1) this.#log.scrollTop = this.#log.scrollHeight
    return true
  }

  /**
   * @param {string} key
   * @param {HTMLElement[]} articles
   * @param {HTMLElement | null} article
   */
  #indexAfter(key, articles, article) {
    const index = article ? articles.indexOf(article) : articles.length
    switch (key) {
      case "ArrowUp":
        return index - 1
      case "ArrowDown":
        return index + 1
      case "PageUp":
        return this.#pageFrom(articles, index, -1)
      case "PageDown":
        return this.#pageFrom(articles, index, 1)
      case "Home":
        return 0
      case "End":
        return articles.length - 1
      default:
        return undefined
    }
  }

  /**
   * The message about one height of the log away.
   * @param {HTMLElement[]} articles
   * @param {number} index
   * @param {1 | -1} step
   */
  #pageFrom(articles, index, step) {
    const from = articles[index]?.offsetTop ?? this.#log.scrollHeight
    let next = index + step
    for (;;) {
      const further = articles[next + step]
      if (!further || Math.abs(further.offsetTop - from) >= this.#log.clientHeight) return next
      next += step
    }
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
