import { find, findAll } from "./elements.js"

/** Messages of one author within this time form a group: only the first shows the author. */
const groupMs = 5 * 60_000

/**
 * Marks every message that continues the group of the one before.
 * @param {HTMLElement[]} articles one after another in the page
 */
export function groupMessages(articles) {
  const [first] = articles
  const before = first?.previousElementSibling
  let previous = before instanceof HTMLElement && before.matches(".message") ? originOf(before) : null
  for (const article of articles) {
    const origin = originOf(article)
    const isFirst = !article.previousElementSibling?.matches(".message")
    const isApart = isFirst || article.matches(".deleted") || find(article, ":scope > .quote") !== null
    const continues = !isApart && previous?.author === origin.author && origin.at - previous.at < groupMs
    article.classList.toggle("continued", continues)
    previous = origin
  }
}

/** @param {HTMLElement} article */
function originOf(article) {
  const at = Date.parse(find(article, "time", HTMLTimeElement)?.dateTime ?? "")
  // By name too: a webhook can give each message another one.
  return { author: `${article.dataset.author}${find(article, ".author")?.textContent}`, at }
}

/**
 * Shows which reactions are the viewer's. The server renders messages once for all viewers.
 * @param {HTMLElement} messages
 * @param {string} viewerId
 */
export function pressOwnReactions(messages, viewerId) {
  for (const button of findAll(messages, ".reaction:not([aria-pressed])")) {
    const by = button.dataset.by?.split(" ") ?? []
    button.ariaPressed = String(by.includes(viewerId))
  }
}
