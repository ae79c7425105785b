import { byId, find } from "./elements.js"
import { textOf } from "./message-text.js"

/** Messages that arrive within this time are announced together. */
const batchMs = 600
/** How long an announcement stays in the page: it must not outlive the message. */
const clearMs = 5000
const maxRead = 3

/** Announces new messages to screen readers. `role="log"` would also read edits and history, and bursts one by one. */
export class LogAnnouncer {
  #region = byId("announcer")
  /** @type {string[]} */
  #ids = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #batchTimer
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #clearTimer

  /** @param {HTMLElement[]} articles */
  announce(articles) {
    this.#ids.push(...articles.map(({ id }) => id))
    // Later messages do not postpone it: in a busy channel nothing would ever be announced.
    this.#batchTimer ??= setTimeout(() => this.#flush(), batchMs)
  }

  #flush() {
    this.#batchTimer = undefined
    // By id, as they are now: some may be deleted meanwhile.
    const lines = this.#ids
      .flatMap((id) => document.getElementById(id) ?? [])
      .filter((article) => !article.matches(".deleted"))
      .map(lineOf)
    this.#ids = []
    this.#region.textContent = lines.length > maxRead ? `${lines.length} new messages` : lines.join(". ")
    clearTimeout(this.#clearTimer)
    this.#clearTimer = setTimeout(() => this.#region.replaceChildren(), clearMs)
  }
}

/** @param {HTMLElement} article */
function lineOf(article) {
  const author = find(article, ".author")?.textContent ?? ""
  const text = textOf(article) || (find(article, ".pictures, .downloads") ? "sent files" : "")
  return `${author}: ${text}`
}
