/** What helps where messages are written. Fetched when somebody begins to: a first visit can do without. */

import { startCompleting } from "./complete.js"
import { startCounting } from "./length.js"
import { startPasting } from "./paste.js"

const known = new WeakSet()

/** Helps in a text box of the room at that address, if it does not already. */
export function helpWith(text, address) {
  if (known.has(text)) return

  known.add(text)
  startCompleting(text, address)
  startPasting(text)
  startCounting(text)
  if (text.form.id !== "composer") text.addEventListener("keydown", saveByEnter)
}

/** As the composer does: on a touch screen Enter breaks the line. */
function saveByEnter(event) {
  const isMeant = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229
  if (!isMeant || event.defaultPrevented || matchMedia("(pointer: coarse)").matches) return

  event.preventDefault()
  event.target.form.requestSubmit()
}
