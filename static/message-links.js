import { closest, findAll } from "./elements.js"
import { emit } from "./events.js"
import { isPlainClick } from "./input-events.js"

/** @import { PageDialog } from "./dialog.js" */

/**
 * Follows links of messages in this page where it can: to a message that is quoted, and to reply. Otherwise they lead to
 * another page.
 * @param {PageDialog} dialog
 */
export function followMessageLinks(dialog) {
  document.addEventListener("click", (event) => {
    const link = closest(event, '#messages .quote, a[href^="/messages/"][href$="/reply"]')
    if (!link || !isPlainClick(event)) return

    const messageId = link.getAttribute("href")?.split("/")[2] ?? ""
    if (!link.matches(".quote")) {
      event.preventDefault()
      dialog.close()
      emit("composer:reply", { messageId })
    } else if (showQuoted(messageId)) event.preventDefault()
  })
}

/**
 * Scrolls to a message that the page has; `false` if it has it not.
 * @param {string} messageId
 */
function showQuoted(messageId) {
  const quoted = document.getElementById(`message-${messageId}`)
  if (!quoted) return false

  for (const other of findAll(document, ".message.highlight")) other.classList.remove("highlight")
  quoted.classList.add("highlight")
  quoted.focus({ preventScroll: true })
  quoted.scrollIntoView({ block: "center" })
  return true
}
