import { byId } from "./elements.js"
import { StoredValue } from "./storage.js"

/** @import { OpenRoom } from "./room.js" */

const maxVisited = 10
/** Set while a keyboard user goes to another page: the text box there gets the focus. */
const writesKey = "writes"

/**
 * The channels a viewer visited on this device, the latest first.
 * @param {string} viewerId
 */
export const recentChannels = (viewerId) =>
  new StoredValue(`visited:${viewerId}`, /** @type {string[]} */ ([]))

/**
 * Follows a link for somebody who uses the keyboard: what they type next goes into the text box of the next page.
 * @param {HTMLElement} link
 */
export function followByKeyboard(link) {
  sessionStorage.setItem(writesKey, "1")
  link.click()
}

/**
 * Call it when a room is opened: remembers the channel, and focuses the text box for keyboard users.
 * @param {OpenRoom} room
 */
export function noteVisit({ viewerId, channelId }) {
  if (sessionStorage.getItem(writesKey)) byId("composer-content").focus()
  sessionStorage.removeItem(writesKey)
  const recent = recentChannels(viewerId)
  recent.value = [channelId, ...recent.value.filter((id) => id !== channelId)].slice(0, maxVisited)
}
