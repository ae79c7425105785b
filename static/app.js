/** What every page does: its dialog, times by the reader's clock, how it looks. A chat room's page does the rest of these. */

import { keepAround } from "./around.js"
import { startChannels } from "./channels.js"
import { startComposer } from "./composer.js"
import { startDialog } from "./dialog.js"
import { startDivider } from "./divider.js"
import { markDrafts } from "./drafts.js"
import { keepFocus } from "./focus.js"
import { startLive } from "./live.js"
import { startLog } from "./log.js"
import { startLook } from "./look.js"
import { startPicker } from "./picker.js"
import { noteVisit, startPlaces } from "./places.js"
import { startReading } from "./reading.js"
import { startRoving } from "./roving.js"
import { startShortcuts } from "./shortcuts.js"
import { chime, startSounds } from "./sounds.js"
import { startTimes } from "./times.js"

startDialog()
startShortcuts()
startPlaces()
keepFocus()
markDrafts(document.querySelector(".app")?.dataset.viewer)
startPicker()
startTimes()
startLook()
document.getElementById("try-sound")?.addEventListener("click", () => chime("mentions"))

const room = document.getElementById("room")
if (room?._htmx) startRoom()
// htmx has not looked at the page yet: what is asked of it before would be lost.
else if (room) document.addEventListener("htmx:after:process", startRoom, { once: true })

function startRoom() {
  const live = startLive(room)
  noteVisit(room.dataset)
  startChannels()
  startReading(room, live)
  keepAround(room)
  startSounds(room)
  startComposer(room, live)
  startLog(room, live)
  startRoving(room)
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
