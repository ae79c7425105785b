/** What every page does: its dialog, and times in the reader's zone. A chat room's page does the rest of these. */

import { startComposer } from "./composer.js"
import { startDialog } from "./dialog.js"
import { startDivider } from "./divider.js"
import { startLive } from "./live.js"
import { startLog } from "./log.js"
import { startPicker } from "./picker.js"
import { startReading } from "./reading.js"
import { localizeTimes } from "./times.js"

startDialog()
sayZone()
startPicker()
localizeTimes(document)

const room = document.getElementById("room")
if (room?._htmx) startRoom()
// htmx has not looked at the page yet: what is asked of it before would be lost.
else if (room) document.addEventListener("htmx:after:process", startRoom, { once: true })

function startRoom() {
  const live = startLive(room)
  startReading(room, live)
  startComposer(room, live)
  startLog(room, live)
  startDivider()
  startHelping()
}

/** Where messages are written and changed, there is help with it; fetched when it is wanted. */
function startHelping() {
  const address = location.pathname
  const help = async ({ target }) => {
    if (!target?.matches?.("textarea[name=content]")) return

    // Offline one can write without: it is asked for again with the next focus.
    const writing = await import("./writing.js").catch(() => null)
    writing?.helpWith(target, address)
  }
  document.addEventListener("focusin", help)
  help({ target: document.activeElement })
}

/** Days begin where the reader is: forms that ask for one say where that is. */
function sayZone() {
  document.addEventListener("submit", ({ target }) => {
    if (!target.matches("form[data-zoned]") || target.elements.zone) return

    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const field = Object.assign(document.createElement("input"), {
      type: "hidden",
      name: "zone",
      value: zone,
    })
    target.append(field)
  })
}
