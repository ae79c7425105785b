import { closest, find, findAll } from "./elements.js"
import { isTyping } from "./input-events.js"
import { showInbox } from "./unread-marks.js"

/** Keeps a list of the inbox up to date, and works it by keyboard. Loaded by the pages of the inbox alone. */

/** Changes within this time are fetched together. */
const gatherMs = 250

/** @typedef {Record<string, () => unknown>} Keys */

class InboxPage {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** The numbers of the last request, and of the last one that is shown. */
  #asked = 0
  #shown = 0
  /** The id of the item that was last focused. */
  #current = ""

  constructor() {
    this.#updateStops()
    document.addEventListener("submit", (event) => this.#submit(event))
    document.addEventListener("keydown", (event) => this.#onKeyDown(event))
    document.addEventListener("focusin", (event) => {
      this.#current = closest(event, ".inbox-item")?.id ?? this.#current
    })
    const filter = find(document, "#inbox-filter", HTMLFormElement)
    filter?.addEventListener("change", () => filter.requestSubmit())
    addEventListener("pageshow", ({ persisted }) => persisted && this.#refreshSoon())
    this.#listen()
  }

  get #items() {
    return findAll(document, "#inbox-list > .inbox-item")
  }

  /** The server sends the counts when a connection begins: what happened before it is fetched, too. */
  #listen() {
    const events = new EventSource("/inbox/events")
    events.addEventListener("message", ({ data }) => {
      if (data[0] !== "{") return

      const frame = JSON.parse(data)
      // Coming back would be refused, or would end another connection of the viewer.
      if (frame.type === "ended" && frame.code >= 4000) events.close()
      if (frame.type === "unread") showInbox(frame.inbox)
      this.#refreshSoon()
    })
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.#listen(), 30_000)
    })
  }

  #refreshSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#request(location.href, {})
    }, gatherMs)
  }

  /**
   * Sends a form of the list, and shows the list that comes back.
   * @param {SubmitEvent} event
   */
  async #submit(event) {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.closest("#inbox-found, .inbox-all")) return

    event.preventDefault()
    const fields = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)))
    const item = /** @type {HTMLElement | null} */ (form.closest(".inbox-item"))
    const next = item && this.#neighbour(item, 1)
    const isSent = await this.#request(
      form.action,
      { method: "POST", body: new URLSearchParams(fields) },
      item,
    )
    if (!isSent) form.submit()
    else if (item && !item.isConnected) (next?.isConnected ? next : this.#items.at(-1))?.focus()
  }

  /**
   * `false` when the server did not answer with a list.
   * @param {string} address
   * @param {RequestInit} options
   * @param {HTMLElement | null} [changed] an item that is replaced also where something is written in it
   */
  async #request(address, options, changed = null) {
    const turn = ++this.#asked
    const answer = await fetch(address, { ...options, headers: { "hx-request": "true" } }).catch(() => null)
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html")
    const found = page && find(page, "#inbox-found")
    if (!found) return false

    // A later request was answered before: what this one found may be older.
    if (turn < this.#shown) this.#refreshSoon()
    this.#shown = Math.max(this.#shown, turn)
    this.#merge(found, changed, options.method === "POST")
    return true
  }

  /**
   * @param {HTMLElement} found
   * @param {HTMLElement | null} changed
   * @param {boolean} hasStatus
   */
  #merge(found, changed, hasStatus) {
    const list = find(document, "#inbox-list")
    if (!list) return

    const before = this.#items.findIndex((item) => item.contains(document.activeElement))
    const items = findAll(found, "#inbox-list > .inbox-item")
    const ids = new Set(items.map(({ id }) => id))
    for (const old of this.#items) {
      if (!ids.has(old.id) && (old === changed || !isAnswered(old))) old.remove()
    }
    for (const [index, item] of items.entries()) this.#place(list, item, { index, changed })
    for (const selector of [".empty", "#inbox-pages", ...(hasStatus ? ["#inbox-status"] : [])]) {
      const [old, now] = [find(document, `#inbox-found > ${selector}`), find(found, `:scope > ${selector}`)]
      // The status is read aloud when its content changes, not when it is another element.
      if (selector === "#inbox-status" && old && now) old.replaceChildren(...now.childNodes)
      else if (old && now) old.replaceWith(now)
      else if (now) list.insertAdjacentElement(selector === ".empty" ? "beforebegin" : "afterend", now)
      else old?.remove()
    }
    this.#updateStops()
    // As after a swap of htmx, for the times in it.
    document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: { target: list } } }))
    if (before >= 0 && document.activeElement === document.body)
      this.#items.at(Math.min(before, this.#items.length - 1))?.focus()
  }

  /**
   * Puts an item into its place, unless the one that is there is the same or somebody writes in it.
   * @param {HTMLElement} list
   * @param {HTMLElement} item
   * @param {{ index: number, changed: HTMLElement | null }} where
   */
  #place(list, item, { index, changed }) {
    const old = document.getElementById(item.id)
    const isSame = old?.dataset.version === item.dataset.version
    const stays = old !== null && old !== changed && (isSame || isAnswered(old))
    const hadFocus = old?.contains(document.activeElement)
    const placed = stays ? old : item
    if (!stays) old?.replaceWith(item)
    if (list.children[index] !== placed) list.insertBefore(placed, list.children[index] ?? null)
    if (hadFocus && !placed.contains(document.activeElement)) {
      placed.tabIndex = 0
      placed.focus()
    }
  }

  /** The list is one stop for Tab, and from there one goes through the controls of the item. */
  #updateStops() {
    const items = this.#items
    const current = items.find(({ id }) => id === this.#current) ?? items[0]
    for (const item of items) item.tabIndex = item === current ? 0 : -1
  }

  /**
   * @param {HTMLElement} item
   * @param {1 | -1} step
   */
  #neighbour(item, step) {
    const items = this.#items
    return items[items.indexOf(item) + step] ?? (step === 1 ? items.at(-2) : undefined)
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, defaultPrevented } = event
    if (ctrlKey || metaKey || altKey || shiftKey || defaultPrevented || isTyping(event)) return
    if (document.querySelector("dialog[open]")) return
    // A setting turns single letters off.
    if (key.length === 1 && document.documentElement.dataset.keys === "off") return

    const run = this.#keys(closest(event, ".inbox-item"), event.target)[key]
    if (run && run() !== false) event.preventDefault()
  }

  /**
   * @param {HTMLElement | null} item the one with the focus
   * @param {EventTarget | null} target
   * @returns {Keys}
   */
  #keys(item, target) {
    const move = (/** @type {1 | -1} */ step) => {
      const items = this.#items
      const to = item ? items[items.indexOf(item) + step] : items[0]
      to?.focus()
      this.#updateStops()
    }
    const undo = find(document, "#inbox-status [data-undo]")
    const done = item && find(item, "[data-done]")
    const unread = item && find(item, "[data-unread]")
    const isDoneList = new URLSearchParams(location.search).get("state") === "done"
    return {
      j: () => move(1),
      k: () => move(-1),
      ...(!(target instanceof HTMLSelectElement) && { ArrowDown: () => move(1), ArrowUp: () => move(-1) }),
      ...(done && !isDoneList && { e: () => done.click() }),
      ...(unread && { u: () => unread.click() }),
      ...(undo && { z: () => undo.click() }),
      ...(item && { r: () => openReply(item) }),
      ...(item === target && item && { Enter: () => find(item, ".inbox-head")?.click() }),
    }
  }
}

/** @param {HTMLElement} item */
function openReply(item) {
  const details = find(item, ".inbox-reply", HTMLDetailsElement)
  if (!details) return

  details.open = true
  find(details, "textarea")?.focus()
}

/**
 * Is an answer written in it, or its form open for one?
 * @param {HTMLElement} item
 */
function isAnswered(item) {
  const text = find(item, "textarea", HTMLTextAreaElement)
  return text !== null && (text.value.trim() !== "" || text.closest("details")?.open === true)
}

new InboxPage()
