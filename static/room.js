import { find } from "./elements.js"

/**
 * The room a page shows, from the attributes of its element.
 * @typedef {object} OpenRoom
 * @property {HTMLElement} element
 * @property {string} viewerId
 * @property {string} channelId
 * @property {number} readPosition
 * @property {number} requestedAt when its page was requested, in milliseconds since 1970
 * @property {string} path its address, whatever the page's address becomes
 * @property {AbortSignal} signal aborted when another room takes its place: its listeners and timers end
 * @property {"ws" | "sse"} transport which transport to try first
 */

/**
 * `null` on pages without a room.
 * @param {AbortSignal} signal
 * @param {number} requestedAt when the page was requested
 * @returns {OpenRoom | null}
 */
export function readRoom(signal, requestedAt) {
  const element = find(document, "#room")
  if (!element) return null

  const { viewer = "", channel = "", read, transport } = element.dataset
  return {
    element,
    viewerId: viewer,
    channelId: channel,
    readPosition: Number(read),
    requestedAt,
    transport: transport === "sse" ? "sse" : "ws",
    path: location.pathname,
    signal,
  }
}
