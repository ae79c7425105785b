/**
 * Loaded with the first input: shortcuts, tooltips, toolbars, menus, pickers, the viewer of files, search beside the room, and
 * going to other rooms in this page. Loaded then, so a first visit is smaller.
 */

import { PanelAnswers } from "./answers.js"
import "./copying.js"
import { Shortcuts } from "./keyboard.js"
import { loadLater } from "./later.js"
import { listenToLogKeys } from "./log-keys.js"
import { completeMembers } from "./member-tools.js"
import { PointerMenus } from "./menus.js"
import { listenToMessageKeys } from "./message-keys.js"
import { followMessageLinks } from "./message-links.js"
import { PersonCards } from "./person-cards.js"
import { RoomSwitch } from "./room-switch.js"
import { completeMessages } from "./toolbar.js"
import { Tooltips } from "./tooltips.js"

/** @import { PageDialog } from "./dialog.js" */
/** @import { LogPlace } from "./log-place.js" */

/**
 * @param {object} options
 * @param {string} options.viewerId
 * @param {boolean} options.hasRoom
 * @param {PageDialog} options.dialog
 * @param {() => void} options.close ends the room that is shown
 * @param {(place: LogPlace | null, requestedAt: number) => void} options.open starts the room that is now in the page
 */
export function startInteraction({ viewerId, hasRoom, dialog, close, open }) {
  new Shortcuts(dialog)
  new Tooltips()
  document.addEventListener("focusin", ({ target }) => continueText(target))
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.target?.id === "dialog-body") startPanel(viewerId)
  })
  startPanel(viewerId)
  const element = document.getElementById("dialog")
  if (element instanceof HTMLDialogElement) {
    new PersonCards(element)
    new PanelAnswers(dialog, element)
  }
  for (const id of ["servers", "server-order"]) orderWithin(document.getElementById(id))
  if (!hasRoom) return

  listenToLogKeys()
  listenToMessageKeys({ viewerId, dialog })
  completeMessages(viewerId)
  completeMembers()
  new PointerMenus()
  document.addEventListener("click", (event) => searchBeside(event, viewerId))
  followMessageLinks(dialog)
  new RoomSwitch({ close, open })
}

/**
 * Puts the caret behind a text that is edited, where a browser puts it before.
 * @param {EventTarget | null} target
 */
function continueText(target) {
  if (!(target instanceof HTMLTextAreaElement && target.autofocus && target.selectionEnd === 0)) return

  target.setSelectionRange(target.value.length, target.value.length)
}

/**
 * Lets servers be ordered by dragging, once the pointer is over their list.
 * @param {HTMLElement | null} list
 */
function orderWithin(list) {
  const start = async () => {
    const orders = await loadLater("orders.js", () => import("./orders.js")).catch(() => null)
    if (list) orders?.startServerOrder(list)
  }
  list?.addEventListener("pointermove", start, { once: true })
}

/**
 * Starts the panel that the dialog shows, if it is one of those that need a script.
 * @param {string} viewerId
 */
function startPanel(viewerId) {
  startEmojiPicker(viewerId)
  startFileViewer()
}

async function startFileViewer() {
  if (!document.querySelector("#dialog-body .viewer")) return

  // Without a connection it is without zoom.
  const viewer = await loadLater("viewer.js", () => import("./viewer.js")).catch(() => null)
  viewer?.openViewer()
}

/**
 * The picker that a dialog shows, if it does. What is chosen for the composer is written where its caret is.
 * @param {string} viewerId
 */
async function startEmojiPicker(viewerId) {
  const panel = document.querySelector("#dialog-body > .panel:has(.emoji-choice)")
  if (!(panel instanceof HTMLElement)) return

  const [emoji, writing] = await Promise.all([
    loadLater("emoji.js", () => import("./emoji.js")),
    loadLater("writing.js", () => import("./writing.js")),
  ]).catch(() => [])
  const write = (/** @type {string} */ chosen) => {
    const [dialog, text] = ["dialog", "composer-content"].map((id) => document.getElementById(id))
    if (dialog instanceof HTMLDialogElement) dialog.close()
    if (text instanceof HTMLTextAreaElement) writing?.writeAtCaret(text, chosen)
  }
  emoji?.startPicker(panel, { viewerId, write })
}

/**
 * Opens the search of the room beside it, not in its place.
 * @param {MouseEvent} event
 * @param {string} viewerId
 */
async function searchBeside(event, viewerId) {
  const { target } = event
  const link = target instanceof Element ? target.closest('.room-header a[href^="/search"]') : null
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return

  event.preventDefault()
  for (const popover of document.querySelectorAll(":popover-open"))
    if (popover instanceof HTMLElement) popover.hidePopover()
  const href = link.getAttribute("href") ?? ""
  const search = await loadLater("search.js", () => import("./search.js")).catch(() => null)
  if (search) await search.openSearch(href, viewerId)
  else location.assign(href)
}
