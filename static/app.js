/** What every page does: its dialog, and times in the reader's zone. A chat room's page does the rest of these. */

import { startComposer } from "./composer.js"
import { startDialog } from "./dialog.js"
import { startLive } from "./live.js"
import { startLog } from "./log.js"
import { startReading } from "./reading.js"
import { localizeTimes } from "./times.js"

startDialog()
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
}
