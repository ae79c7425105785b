import { byId, cloneTemplate, find, get } from "./elements.js"

/** @import { OutboxEntry } from "./outbox-entries.js" */

/**
 * Shows a message that is not stored yet at the end of the log. The stored message replaces it, by its id.
 * @param {OutboxEntry} entry
 * @param {object} options
 * @param {string} options.viewerId
 * @param {string} options.state what is happening to it, unless it was refused
 * @param {string} options.title when it was written
 * @param {() => void} options.onRetry
 * @param {() => void} options.onDiscard
 */
export function showPending(entry, { viewerId, state, title, onRetry, onDiscard }) {
  const { id, content, files = [], at, failure, replyTo } = entry
  document.getElementById(`message-${id}`)?.remove()
  const article = cloneTemplate("pending-message")
  article.id = `message-${id}`
  article.dataset.author = viewerId
  get(article, ".content").textContent = content
  get(article, ".pending-files").textContent = files.map(({ name }) => name).join(", ")
  const quote = get(article, ".quote")
  if (replyTo) quote.textContent = `In reply to ${replyTo.name}`
  else quote.remove()
  const time = get(article, "time", HTMLTimeElement)
  time.dateTime = new Date(at).toISOString()
  time.title = title
  time.textContent = failure ? "not sent" : state
  if (failure) {
    article.classList.replace("pending", "failed")
    get(article, ".failure").textContent = failure
  }
  get(article, ".retry").addEventListener("click", onRetry)
  find(article, ".copy")?.addEventListener("click", () => navigator.clipboard?.writeText(content))
  get(article, ".discard").addEventListener("click", onDiscard)
  byId("messages").append(article)
}
