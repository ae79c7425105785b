import { find, findAll } from "./elements.js"

/**
 * A message's text without hidden parts, for screen readers.
 * @param {Element} article
 */
export function textOf(article) {
  return plainText(contentOf(article))
}

/**
 * The start of a message's text, to be shown in one line. Keeps the direction of its parts by the control characters that
 * `text/plain.ts` uses.
 * @param {Element} article
 */
export function excerptIn(article) {
  const content = contentOf(article)
  if (!content) return ""

  for (const part of findAll(content, "code, a, .mention, time")) {
    part.prepend(part.matches("code") ? "\u2066" : "\u2068")
    part.append("\u2069")
  }
  return plainText(content).slice(0, 120)
}

/** @param {Element | null} article */
function contentOf(article) {
  const content = article && find(article, ".content")
  return content && /** @type {HTMLElement} */ (content.cloneNode(true))
}

/** @param {HTMLElement | null} content */
function plainText(content) {
  if (!content) return ""

  for (const spoiler of findAll(content, ".spoiler")) spoiler.replaceWith("spoiler")
  // Blocks have no text between them that would separate their words.
  for (const block of findAll(content, "p, li, pre, blockquote")) block.append(" ")
  return content.textContent.replace(/\s+/g, " ").trim()
}

const toggles = ".spoiler > input, .unfold > input"

/**
 * Keeps uncovered spoilers and unfolded texts open when a message is replaced by a version with the same text.
 * @param {DocumentFragment | undefined} fragment what is about to be swapped in
 */
export function keepUncovered(fragment) {
  for (const article of newMessagesIn(fragment)) {
    const known = document.getElementById(article.id)
    const before = known && wordsOf(known)
    if (!before || before !== wordsOf(article)) continue

    const boxes = /** @type {HTMLInputElement[]} */ (findAll(known, toggles))
    for (const [i, box] of findAll(article, toggles).entries()) {
      box.toggleAttribute("checked", boxes[i]?.checked)
    }
  }
}

/**
 * The stored messages in new markup.
 * @param {DocumentFragment | undefined} fragment
 */
export function newMessagesIn(fragment) {
  return fragment?.querySelectorAll ? findAll(fragment, ".message[data-position]") : []
}

/**
 * A message's text, the same by every clock.
 * @param {Element | null} article
 */
function wordsOf(article) {
  const content = contentOf(article)
  if (!content) return undefined

  for (const time of content.querySelectorAll("time")) time.textContent = time.dateTime
  return content.textContent
}
