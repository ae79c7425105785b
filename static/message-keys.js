import { find } from "./elements.js"
import { emit } from "./events.js"
import { areLettersShortcuts } from "./keyboard.js"

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
 * Runs the action of a key on the focused message. `false` if the key has none here. The server decides whether the viewer
 * may do it, and says why not.
 * @param {string} key
 * @param {{ article: HTMLElement, viewerId: string, dialog: PageDialog }} context
 */
export function runMessageKey(key, { article, viewerId, dialog }) {
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
