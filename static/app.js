/** Starts what every page does, and on a room's page the chat. */

import { Appearance } from "./appearance.js"
import { ChannelOrder } from "./channel-order.js"
import { showCurrentChannel } from "./channels.js"
import { Composer } from "./composer.js"
import { ComposerGate } from "./composer-state.js"
import { closeNoticesWhenRead, registerWorker } from "./device-notices.js"
import { PageDialog } from "./dialog.js"
import { DraftMarks } from "./drafts.js"
import { find } from "./elements.js"
import { EmojiPicker } from "./emoji.js"
import { FocusKeeper } from "./focus.js"
import { Shortcuts } from "./keyboard.js"
import { LiveConnection } from "./live.js"
import { MessageLogView } from "./log.js"
import { PeopleUpdater } from "./people.js"
import { UnreadCounts } from "./reading.js"
import { RoleOrder } from "./role-order.js"
import { readRoom } from "./room.js"
import { RovingFocus } from "./roving-focus.js"
import { SidebarUpdater } from "./sidebar.js"
import { Chime, MessageSounds } from "./sounds.js"
import { Switcher } from "./switcher.js"
import { LocalTimes } from "./times.js"
import { UnreadDivider } from "./unread-divider.js"
import { noteVisit } from "./visits.js"

/** @import { OpenRoom } from "./room.js" */

const times = new LocalTimes()
// Before FocusKeeper: a panel that is swapped in moves the focus itself.
const dialog = new PageDialog(times)
const chime = new Chime()
new Shortcuts({ dialog, switcher: new Switcher(dialog) })
new FocusKeeper()
new EmojiPicker()
new Appearance()
registerWorker()
const viewerId = find(document, ".app")?.dataset.viewer
if (viewerId) new DraftMarks(viewerId)
document.getElementById("try-sound")?.addEventListener("click", () => chime.play("mentions"))

const order = document.getElementById("channel-order")
if (order instanceof HTMLFormElement) new ChannelOrder(order)
const [roles, roleOrder] = [document.getElementById("roles"), document.getElementById("role-order")]
if (roles && roleOrder instanceof HTMLFormElement) new RoleOrder(roles, roleOrder)

const room = readRoom()
if (room?.element._htmx) startRoom(room)
// Before htmx has initialized the page, it would ignore what it is asked for.
else if (room) document.addEventListener("htmx:after:process", () => startRoom(room), { once: true })

/** @param {OpenRoom} room */
function startRoom(room) {
  const live = new LiveConnection(room)
  noteVisit(room)
  closeNoticesWhenRead(room)
  showCurrentChannel()
  new UnreadCounts(room, live)
  new SidebarUpdater()
  new PeopleUpdater()
  new ComposerGate()
  new MessageSounds(room, chime)
  const composer = new Composer(room, { live, dialog, times })
  new MessageLogView(room, { live, times })
  new RovingFocus(room, dialog)
  new UnreadDivider()
  helpWithWriting(composer)
}

/**
 * Loads help for the composer and for edited messages when they first get the focus.
 * @param {Composer} composer
 */
function helpWithWriting(composer) {
  const roomPath = location.pathname
  const help = async (/** @type {EventTarget | null} */ text) => {
    if (!(text instanceof HTMLTextAreaElement && text.name === "content")) return

    // Without a connection it is missing, and requested again with the next focus.
    const writing = await import("./writing.js").catch(() => null)
    const attach = (/** @type {File} */ file) => text === composer.text && composer.attachText(file)
    writing?.helpWith(text, { roomPath, attach })
  }
  document.addEventListener("focusin", ({ target }) => help(target))
  help(document.activeElement)
}
