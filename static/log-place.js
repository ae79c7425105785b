import { byId } from "./elements.js"

/** With more messages below it, a place is not on the first page of the log. */
const maxBelow = 40

/**
 * A place in a log: one of the first messages in sight, and how far its top is below that of the log, in pixels.
 * @typedef {{ messageId: string, offset: number, isFar: boolean }} LogPlace
 */

/**
 * The current place in the log; `null` at its end.
 * @returns {LogPlace | null}
 */
export function placeInLog() {
  const log = byId("log")
  const { scrollHeight, scrollTop, clientHeight } = log
  const isLive = byId("messages").hasAttribute("data-live")
  if (isLive && scrollHeight - scrollTop - clientHeight < 100) return null

  const { top } = log.getBoundingClientRect()
  const articles = /** @type {HTMLElement[]} */ ([
    ...log.querySelectorAll("#messages > .message[data-position]"),
  ])
  const at = articles.findIndex((article) => article.getBoundingClientRect().bottom > top)
  // With others above it, the first of the page may lose its line of author and time.
  const first = articles[at || 1] ?? articles[at]
  if (!first) return null

  return {
    messageId: first.id.replace(/^message-/, ""),
    offset: first.getBoundingClientRect().top - top,
    isFar: !isLive || articles.length - at > maxBelow,
  }
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
