/** What every page does: its dialog, and times in the reader's zone. A chat room's page does the rest of these. */

import { startComposer } from "./composer.js"
import { startLive } from "./live.js"
import { localizeTimes, startLog } from "./log.js"

startDialog()
localizeTimes(document)

const room = document.getElementById("room")
if (room?._htmx) startRoom()
// htmx has not looked at the page yet: what is asked of it before would be lost.
else if (room) document.addEventListener("htmx:after:process", startRoom, { once: true })

function startRoom() {
  const live = startLive(room)
  startComposer(room, live)
  startLog(room, live)
}

/** Forms that stand on a page of their own open here instead, where there is JavaScript. */
function startDialog() {
  const dialog = document.getElementById("dialog")
  const body = document.getElementById("dialog-body")
  if (!dialog || !body) return

  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.target !== body) return

    localizeTimes(body)
    if (!dialog.open) dialog.showModal()
  })
  document.addEventListener("dialog:close", () => dialog.close())
  dialog.addEventListener("close", () => body.replaceChildren())
  // A click beside it closes it, as people expect.
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest(".cancel")) dialog.close()
  })
}
