import { find, findAll } from "./elements.js"
import { emit } from "./events.js"
import { areLettersShortcuts, isTyping } from "./input-events.js"

/** @import { PageDialog } from "./dialog.js" */

/**
 * Keys that open a panel for the focused message.
 * @type {Record<string, string>}
 */
const panels = { Enter: "actions", "+": "react", e: "edit", Delete: "delete", Backspace: "delete" }
/**
 * Keys that change it at once.
 * @type {Record<string, string>}
 */
const actions = { t: "thread", u: "unread" }

/**
 * Keys that act on the focused message, and the arrow key by which an empty composer edits the viewer's last one.
 * @param {{ viewerId: string, dialog: PageDialog }} context
 */
export function listenToMessageKeys(context) {
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey || event.defaultPrevented) return
    if (key === "ArrowUp" && isEmptyComposer(target) && editLast(context)) event.preventDefault()
    if (isTyping(event)) return
    if (!(target instanceof HTMLElement && target.matches("#messages > .message"))) return
    // The key is typed into the composer: see typing-focus.js.
    if (document.activeElement !== target) return

    if (runKey(key, target, context)) event.preventDefault()
  })
}

/** @param {EventTarget | null} target */
function isEmptyComposer(target) {
  return target instanceof HTMLTextAreaElement && target.id === "composer-content" && target.value === ""
}

/**
 * Opens the viewer's last message for editing; `false` if there is none.
 * @param {{ viewerId: string, dialog: PageDialog }} context
 */
function editLast({ viewerId, dialog }) {
  const own = `#messages > [data-author="${CSS.escape(viewerId)}"][data-position]:not(.deleted)`
  const last = findAll(document, own).at(-1)
  if (last) dialog.open(`/messages/${last.id.replace(/^message-/, "")}/edit`)
  return last !== undefined
}

/**
 * `false` if the key has no meaning for the message. The server decides whether the viewer may do it, and says why not.
 * @param {string} key
 * @param {HTMLElement} article
 * @param {{ viewerId: string, dialog: PageDialog }} context
 */
function runKey(key, article, { viewerId, dialog }) {
  if (!article.matches("[data-position]:not(.deleted)")) return false
  if (key.length === 1 && !areLettersShortcuts()) return false

  const messageId = article.id.replace(/^message-/, "")
  if (key === "r") {
    emit("composer:reply", { messageId })
    return true
  }
  const isPinned = find(article, ":scope > header > .pinned") !== null
  const action = key === "p" ? (isPinned ? "unpin" : "pin") : actions[key]
  if (action) {
    htmx.ajax("POST", `/messages/${messageId}/${action}`, { target: "#dialog-body", swap: "innerHTML" })
    return true
  }
  const panel = panels[key]
  if (!panel || !mayOpen(panel, article.dataset.author === viewerId)) return false

  dialog.open(`/messages/${messageId}/${panel}`)
  return true
}

/**
 * @param {string} panel
 * @param {boolean} isOwn
 */
function mayOpen(panel, isOwn) {
  if (panel === "edit") return isOwn
  if (panel === "delete") return isOwn || document.body.matches(".owner")
  return true
}
