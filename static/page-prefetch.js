/** @import { PageEvents } from "./events.js" */

/** @typedef {{ page: Document | null, finalUrl: string, requestedAt: number }} LoadedPage `null`: there is none */

/** A pointer that rests on a link for so long is likely to click. */
const restMs = 65
/** An older page is requested again. */
const maxAgeMs = 3000

/**
 * Loads pages of rooms, one of them before it is asked for: when a pointer rests on its link or presses it, or the keyboard
 * reaches it. Requesting a page changes nothing, so nothing is marked as read. What arrives between loading and showing is
 * delivered as after an interruption, because the page says up to which change it is complete.
 */
export class PagePrefetch {
  #urlOf
  /** @type {{ href: string, at: number, request: AbortController, answer: Promise<LoadedPage> } | null} */
  #early = null
  /** @type {Element | null} */
  #link = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {(link: Element) => URL | null} urlOf what to load for a link; `null`: nothing */
  constructor(urlOf) {
    this.#urlOf = urlOf
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch") this.#restOn(linkOf(event))
    })
    document.addEventListener("focusin", (event) => {
      const link = linkOf(event)
      if (link?.matches(":focus-visible")) this.#restOn(link)
    })
    document.addEventListener("pointerdown", (event) => {
      const link = event.button === 0 && linkOf(event)
      if (link) this.#load(link)
    })
    // A finger that scrolls.
    document.addEventListener("pointercancel", () => this.#drop())
    // The page would show lists, people or a session that have changed since.
    document.addEventListener("live:frame", (event) => {
      const { detail } = /** @type {CustomEvent<PageEvents["live:frame"]>} */ (event)
      if (detail.type !== "news") this.#drop()
    })
    document.addEventListener("htmx:before:request", ({ detail }) => {
      if (detail.ctx.target?.id === "around") this.#drop()
    })
    document.addEventListener("live:down", () => this.#drop())
  }

  /**
   * A page: the early one if it is new enough, else requested now.
   * @param {URL} url
   * @param {AbortSignal} signal
   */
  async load(url, signal) {
    const early = this.#early
    this.#early = null
    clearTimeout(this.#timer)
    if (early?.href === hrefOf(url) && performance.now() - early.at < maxAgeMs) {
      const loaded = await early.answer.catch(() => null)
      signal.throwIfAborted()
      if (loaded?.page) return loaded
    } else early?.request.abort()
    return request(url.href, signal)
  }

  /** @param {Element | null} link */
  #restOn(link) {
    if (link === this.#link) return

    clearTimeout(this.#timer)
    this.#link = link
    if (link) this.#timer = setTimeout(() => this.#load(link), restMs)
  }

  /** @param {Element} link */
  #load(link) {
    const url = isSaving() || !link.isConnected ? null : this.#urlOf(link)
    if (!url) return

    const href = hrefOf(url)
    const at = performance.now()
    if (this.#early?.href === href && at - this.#early.at < maxAgeMs) return

    this.#drop()
    const early = new AbortController()
    const answer = request(href, early.signal)
    // It is requested again if it is asked for.
    answer.catch(() => {})
    this.#early = { href, at, request: early, answer }
  }

  #drop() {
    this.#early?.request.abort()
    this.#early = null
  }
}

/**
 * @param {string} href
 * @param {AbortSignal} signal
 * @returns {Promise<LoadedPage>}
 */
async function request(href, signal) {
  const requestedAt = Date.now()
  const answer = await fetch(href, { signal, headers: { accept: "text/html" } })
  const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null
  return { page, finalUrl: answer.url, requestedAt }
}

/** @param {URL} url */
const hrefOf = ({ origin, pathname, search }) => origin + pathname + search

/** Does the viewer want to transfer little? */
function isSaving() {
  const { connection } = /** @type {Navigator & { connection?: { saveData?: boolean } }} */ (navigator)
  return connection?.saveData === true
}

/** @param {Event} event */
function linkOf({ target }) {
  return target instanceof Element ? target.closest("a[href]") : null
}
