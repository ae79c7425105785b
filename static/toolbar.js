/**
 * What a message gets when it is hovered or focused: its toolbar with quick reactions, and links from its author and its
 * time. Messages are sent without them: they would be more than half of a message.
 */

const messages = ".message[data-position]"
/** Quick reactions before the viewer has used any emoji. */
const usual = ["👍", "❤️", "😂"]
const maxQuick = 3
/** Where nothing hovers, the time stays the way to all actions. */
const canHover = matchMedia("(hover: hover)")

/**
 * Completes messages while the pointer or the focus moves.
 * @param {string} viewerId
 */
export function completeMessages(viewerId) {
  const complete = (/** @type {Event} */ { target }) => {
    const article = target instanceof Element ? target.closest(`#messages > ${messages}`) : null
    if (article) completeMessage(article, viewerId)
  }
  const completeCurrent = () => {
    for (const article of document.querySelectorAll(`#messages > ${messages}:is(:hover, :focus-within)`))
      completeMessage(article, viewerId)
  }
  document.addEventListener("pointerover", complete)
  document.addEventListener("focusin", complete)
  // What replaces a focused message must have the control that is focused.
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const fresh = detail.tasks.flatMap(({ fragment }) => [...(fragment?.querySelectorAll?.(messages) ?? [])])
    for (const article of fresh)
      if (document.getElementById(article.id)?.contains(document.activeElement))
        completeMessage(article, viewerId)
  })
  // A message under the pointer may be replaced.
  document.addEventListener("htmx:after:swap", completeCurrent)
  completeCurrent()
}

/**
 * @param {Element} article
 * @param {string} viewerId
 */
function completeMessage(article, viewerId) {
  if (article.querySelector(":scope > header > .author > a, :scope > .tools")) return

  const added = [linkAuthor(article)]
  if (!article.matches(".deleted")) {
    if (canHover.matches) linkTime(article)
    added.push(addTools(article, viewerId))
  }
  // Only a focused message has stops for Tab: see `roving-focus.js`.
  if (article.contains(document.activeElement)) return
  for (const control of added.flatMap((one) => [...(one?.querySelectorAll("a, button") ?? [])]))
    if (control instanceof HTMLElement) control.tabIndex = -1
}

/**
 * Makes the name of a person a link to their card. Programs have none.
 * @param {Element} article
 */
function linkAuthor(article) {
  const author = article.querySelector(":scope > header > bdi.author")
  if (!(author && article instanceof HTMLElement)) return null

  const link = document.createElement("a")
  const serverId = document.getElementById("room")?.dataset.server ?? ""
  link.href = `/users/${encodeURIComponent(article.dataset.author ?? "")}?server=${serverId}`
  link.dataset.dialog = ""
  link.append(...author.childNodes)
  author.append(link)
  return author
}

/**
 * The toolbar has the actions, so the time is the link to the message.
 * @param {Element} article
 */
function linkTime(article) {
  article.querySelector(":scope > header > a:has(> time)")?.setAttribute("href", pathOf(article))
}

/**
 * @param {Element} article
 * @param {string} viewerId
 */
function addTools(article, viewerId) {
  const template = document.getElementById("tools")
  const tools = template instanceof HTMLTemplateElement && template.content.firstElementChild?.cloneNode(true)
  if (!(tools instanceof HTMLElement)) return null

  const author = article.querySelector(":scope > header > .author")?.textContent
  tools.role = "group"
  tools.ariaLabel = `Actions for message from ${author}`
  for (const link of tools.querySelectorAll("a")) link.href = pathOf(article) + link.getAttribute("href")
  tools.prepend(...quickEmoji(viewerId).map((emoji) => quickReaction(article, emoji)))
  const thread = article.querySelector(":scope > .thread")
  if (thread) thread.before(tools)
  else article.append(tools)
  return tools
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
    htmx.ajax("POST", `${pathOf(article)}/reactions`, {
      target: "#dialog-body",
      swap: "innerHTML",
      values: { emoji },
    })
  })
  return button
}

/** @param {Element} article */
function pathOf({ id }) {
  return `/messages/${id.replace(/^message-/, "")}`
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
