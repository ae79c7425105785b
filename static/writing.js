/** What helps where messages are written. Fetched when somebody begins to: a first visit can do without. */

import { startCompleting } from "./complete.js"
import { startPasting } from "./paste.js"

const known = new WeakSet()

/** Helps in a text box of the room at that address, if it does not already. */
export function helpWith(text, address) {
  if (known.has(text)) return

  known.add(text)
  startCompleting(text, address)
  startPasting(text)
}
