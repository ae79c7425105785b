import { byId, findAll } from "./elements.js"

/**
 * A place in a log: one of the first messages in sight, and how far its top is below that of the log, in pixels.
 * `below`: how many messages there are from it on; in history all too many.
 * @typedef {{ messageId: string, offset: number, below: number }} LogPlace
 */

/**
 * The place that is visible; `null` in an empty log.
 * @returns {LogPlace | null}
 */
export function visiblePlace() {
  const { top } = byId("log").getBoundingClientRect()
  const articles = findAll(document, "#messages > .message[data-position]")
  const at = articles.findIndex((article) => article.getBoundingClientRect().bottom > top)
  // With others above it, the first of the page may lose its line of author and time.
  const first = articles[at || 1] ?? articles[at]
  if (!first) return null

  const offset = first.getBoundingClientRect().top - top
  return { messageId: first.id.replace(/^message-/, ""), offset, below: articles.length - at }
}

/**
 * Scrolls the log to where it was left. `false` if the page has no such place.
 * @param {LogPlace} place
 */
export function returnTo({ messageId, offset }) {
  const message = document.getElementById(`message-${messageId}`)
  if (!message) return false

  const log = byId("log")
  const moved = message.getBoundingClientRect().top - log.getBoundingClientRect().top - offset
  // Else a finger's scroll would end, in Safari.
  if (moved) log.scrollTop += moved
  return true
}
