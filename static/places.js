/** Going to other places: through the switcher, and along the list of channels. */

import { showInDialog } from "./dialog.js"
import { stored } from "./stored.js"

/** Channels that are remembered as the last ones. */
const maxVisited = 10

const visited = (viewer) => stored(`visited:${viewer}`, [])

/** Who comes by keys goes on by them: what is typed next is meant to be said there. */
function follow(link) {
  sessionStorage.setItem("writes", "1")
  link.click()
}

/** Remembers on this device where one is: the way back is what one wants most. */
export function noteVisit({ viewer, channel }) {
  if (sessionStorage.getItem("writes")) document.getElementById("composer-content").focus()
  sessionStorage.removeItem("writes")
  const known = visited(viewer)
  known.value = [channel, ...known.value.filter((id) => id !== channel)].slice(0, maxVisited)
}

export function startPlaces() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href="/switch"]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return

    event.preventDefault()
    for (const open of document.querySelectorAll(":popover-open")) open.hidePopover()
    toggleSwitcher()
  })
}

/** Not in place of another dialog, which may hold something that was typed. */
export function toggleSwitcher() {
  const dialog = document.getElementById("dialog")
  if (!dialog.open) open()
  else if (dialog.querySelector(".switcher")) dialog.close()
}

/** At once: what is typed meanwhile is meant for it. */
function open() {
  const panel = document.getElementById("switcher").content.firstElementChild.cloneNode(true)
  const { viewer } = document.querySelector(".app").dataset
  const { channel = "" } = document.getElementById("room")?.dataset ?? {}
  const form = panel.querySelector("form")
  form.elements.recent.value = visited(viewer).value.filter((id) => id !== channel)
  form.elements.here.value = channel
  let isAwaited = false
  const wait = (event) => {
    event.preventDefault()
    isAwaited = true
  }
  form.addEventListener("submit", wait)
  showInDialog(panel)
  // Without it there is still the list, by Tab, and a page for the form.
  import("./switcher.js")
    .then(({ startSwitcher }) => startSwitcher(panel, { isAwaited, follow }))
    .catch(() => form.removeEventListener("submit", wait))
}

/** To the channel above or below in the list, or the next one there with something unread. */
export function toChannel(step, isUnread) {
  const links = [...document.querySelectorAll("#channels a[data-channel]")]
  const at = links.findIndex((link) => link.ariaCurrent === "page")
  const start = at < 0 && step < 0 ? links.length : at
  const order = links.map((_, away) => links[(start + step * (away + 1) + links.length * 2) % links.length])
  const next = order.find(
    (link) => link.ariaCurrent !== "page" && (!isUnread || link.querySelector(".tally:not([hidden])")),
  )
  if (next) follow(next)
  else if (isUnread) document.getElementById("announcer").textContent = "Nothing is unread in this list."
}
