import { find } from "./elements.js"

/**
 * The room a page shows, from the attributes of its element.
 * @typedef {object} OpenRoom
 * @property {HTMLElement} element
 * @property {string} viewerId
 * @property {string} channelId
 * @property {number} readPosition
 * @property {"ws" | "sse"} transport which transport to try first
 */

/**
 * `null` on pages without a room.
 * @returns {OpenRoom | null}
 */
export function readRoom() {
  const element = find(document, "#room")
  if (!element) return null

  const { viewer = "", channel = "", read, transport } = element.dataset
  return {
    element,
    viewerId: viewer,
    channelId: channel,
    readPosition: Number(read),
    transport: transport === "sse" ? "sse" : "ws",
  }
}
