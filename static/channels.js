import { byId, find, findAll } from "./elements.js"
import { followByKeyboard } from "./visits.js"

/** Scrolls the list of channels to the current one, also whenever the drawer of narrow screens opens: it has no layout before. */
export function keepCurrentChannelVisible() {
  showCurrentChannel()
  document.getElementById("places")?.addEventListener("toggle", showCurrentChannel)
}

/** Scrolls the list of channels to the current one. */
export function showCurrentChannel() {
  const list = find(document, "#channels .channel-list, #channels ul")
  const current = list && find(list, "[aria-current]")
  if (!current) return

  const [box, pane] = [current.getBoundingClientRect(), list.getBoundingClientRect()]
  if (box.top < pane.top || box.bottom > pane.bottom) list.scrollTop += box.top - pane.top - pane.height / 2
}

/**
 * Opens the channel below (1) or above (-1) the current one, or the next unread one in that direction. Wraps around.
 * @param {1 | -1} step
 * @param {boolean} onlyUnread
 */
export function openNeighbour(step, onlyUnread) {
  // Those of a collapsed category have no box.
  const links = findAll(document, "#channels a[data-channel]").filter((link) => link.checkVisibility())
  const current = links.findIndex((link) => link.ariaCurrent === "page")
  const start = current < 0 && step < 0 ? links.length : current
  const order = links.map((_, i) => links[(start + step * (i + 1) + links.length * 2) % links.length])
  const next = order.find(
    (link) => link?.ariaCurrent !== "page" && (!onlyUnread || (link && find(link, ".tally:not([hidden])"))),
  )
  if (next) followByKeyboard(next)
  else if (onlyUnread) byId("announcer").textContent = "No unread channels in this list."
}

/**
 * Removes a channel that the viewer can no longer read from the list.
 * @param {string} id
 */
export function removeChannel(id) {
  find(document, `#channels a[data-channel="${id}"]`)?.closest("li")?.remove()
}
