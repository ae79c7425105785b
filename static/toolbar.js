/**
 * What a message's toolbar can do with JavaScript: icons with tooltips in place of words, and quick reactions. It is added
 * when a message is hovered or focused, so messages are not sent with it.
 */

/** Quick reactions before the viewer has used any emoji. */
const usual = ["👍", "❤️", "😂"]
const maxQuick = 3
/** @type {Record<string, string>} */
const tooltips = { React: "Add reaction (+)", Reply: "Reply (R)", More: "More actions" }

/**
 * Completes the toolbars of messages while the pointer or the focus moves.
 * @param {string} viewerId
 */
export function completeToolbars(viewerId) {
  const complete = (/** @type {EventTarget | null} */ target) => {
    const article = target instanceof Element ? target.closest("#messages > .message") : null
    if (article) completeToolbar(article, viewerId)
  }
  const completeCurrent = () => {
    for (const article of document.querySelectorAll("#messages > .message:is(:hover, :focus-within)"))
      complete(article)
  }
  document.addEventListener("pointerover", ({ target }) => complete(target))
  document.addEventListener("focusin", ({ target }) => complete(target))
  // A message under the pointer may be replaced.
  document.addEventListener("htmx:after:swap", completeCurrent)
  completeCurrent()
}

/**
 * @param {Element} article
 * @param {string} viewerId
 */
function completeToolbar(article, viewerId) {
  const tools = article.querySelector(":scope > .tools:not(.complete)")
  const icons = document.getElementById("tool-icons")
  if (!tools || !(icons instanceof HTMLTemplateElement)) return

  tools.classList.add("complete")
  const links = [...tools.querySelectorAll("a")]
  for (const [at, link] of links.entries()) {
    const icon = icons.content.children[at]
    const name = link.textContent
    if (!icon) continue

    link.ariaLabel = name
    link.title = tooltips[name] ?? name
    link.replaceChildren(icon.cloneNode(true))
  }
  tools.prepend(...quickEmoji(viewerId).map((emoji) => quickReaction(article, emoji)))
}

/**
 * @param {Element} article
 * @param {string} emoji
 */
function quickReaction(article, emoji) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "quick"
  button.textContent = emoji
  button.ariaLabel = button.title = `React with ${emoji}`
  button.addEventListener("click", () => {
    const path = `/messages/${article.id.replace(/^message-/, "")}/reactions`
    htmx.ajax("POST", path, { target: "#dialog-body", swap: "innerHTML", values: { emoji } })
  })
  return button
}

/**
 * The emoji that the viewer used last on this device, as `emoji.js` stores them.
 * @param {string} viewerId
 */
function quickEmoji(viewerId) {
  /** @type {string[]} */
  let recent = []
  try {
    recent = JSON.parse(localStorage.getItem(`emoji-recent:${viewerId}`) ?? "[]")
  } catch {
    // The usual ones, then.
  }
  return [...new Set([...recent, ...usual])].slice(0, maxQuick)
}
