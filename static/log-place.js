import { byId } from "./elements.js"

/**
 * Where a log was left: the first message in sight, and how far its top was below that of the log, in pixels.
 * @typedef {{ messageId: string, offset: number, isFar: boolean }} LogPlace
 */

/**
 * Scrolls the log to where it was left. `false` if the page has no such place.
 * @param {LogPlace} place
 */
export function returnTo({ messageId, offset }) {
  const message = document.getElementById(`message-${messageId}`)
  if (!message) return false

  const log = byId("log")
  log.scrollTop += message.getBoundingClientRect().top - log.getBoundingClientRect().top - offset
  return true
}
