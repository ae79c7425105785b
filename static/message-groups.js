import { find, findAll } from "./elements.js"

/** Messages of one author within this time form a group: only the first shows the author. */
const groupMs = 5 * 60_000

/**
 * Marks every message that continues the group of the one before.
 * @param {HTMLElement[]} articles
 */
export function groupMessages(articles) {
  /** @type {{ author: string, at: number } | null} */
  let previous = null
  for (const article of articles) {
    const at = Date.parse(find(article, "time", HTMLTimeElement)?.dateTime ?? "")
    // By name too: a webhook can give each message another one.
    const author = `${article.dataset.author}${find(article, ".author")?.textContent}`
    const isFirst = !article.previousElementSibling?.matches(".message")
    const isApart = isFirst || article.matches(".deleted") || find(article, ":scope > .quote") !== null
    const continues = !isApart && previous?.author === author && at - previous.at < groupMs
    article.classList.toggle("continued", continues)
    previous = { author, at }
  }
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
