/**
 * Keeps a room's page from growing: removes messages that are far from what the viewer sees. Links load them again. Loaded
 * when a page has become too long, and imports nothing that every page loads too.
 */

/** How many messages stay while the viewer is at the end. */
const keptAtEnd = 300
/** How many stay above or below the visible ones while the viewer reads further up. */
const keptBeyond = 150

/**
 * Removes the oldest messages.
 * @param {HTMLElement} messages
 * @param {string} path of the room
 */
export function keepNewest(messages, path) {
  removeOldest(messages, path, articlesIn(messages).at(-keptAtEnd - 1))
}

/**
 * Removes the oldest or the newest messages, whichever are more; what is visible does not move. Returns whether it removed
 * the newest: then messages that arrive do not follow the last one any more.
 * @param {HTMLElement} messages
 * @param {string} path of the room
 * @param {() => void} arrange completes what is left: the first message gets the line of its day, and shows its author
 */
export function keepAround(messages, path, arrange) {
  const log = /** @type {HTMLElement} */ (messages.parentElement)
  const { top, bottom } = log.getBoundingClientRect()
  const articles = articlesIn(messages)
  const first = articles.findIndex((article) => article.getBoundingClientRect().bottom > top)
  const last = articles.findLastIndex((article) => article.getBoundingClientRect().top < bottom)
  const visible = articles[first]
  if (!visible) return false

  if (articles.length - last > first) return removeNewest(messages, path, articles[last + keptBeyond])

  const before = visible.getBoundingClientRect().top
  removeOldest(messages, path, articles[first - keptBeyond - 1])
  arrange()
  log.scrollTop += visible.getBoundingClientRect().top - before
  return false
}

/** @param {HTMLElement} messages */
function articlesIn(messages) {
  return /** @type {HTMLElement[]} */ ([...messages.querySelectorAll(":scope > .message")])
}

/**
 * @param {HTMLElement} messages
 * @param {string} path
 * @param {HTMLElement | undefined} end the last one that is removed
 */
function removeOldest(messages, path, end) {
  const children = [...messages.children]
  if (!end || !remove(children.slice(0, children.indexOf(end) + 1))) return

  const first = /** @type {HTMLElement | null} */ (messages.querySelector("[data-position]"))
  setLink("older", `${path}?before=${first?.dataset.position}`, messages)
}

/**
 * @param {HTMLElement} messages
 * @param {string} path
 * @param {HTMLElement | undefined} end the last one that stays
 */
function removeNewest(messages, path, end) {
  const children = [...messages.children]
  if (!end || !remove(children.slice(children.indexOf(end) + 1))) return false

  setLink("newer", `${path}?after=${end.dataset.position}`, messages)
  return true
}

/**
 * Removes messages, and the lines between them; but none where a keyboard user is, or that is stored nowhere else yet.
 * Returns whether it did.
 * @param {Element[]} children
 */
function remove(children) {
  const isNeeded = (/** @type {Element} */ child) =>
    child.contains(document.activeElement) || child.matches(".message:not([data-position])")
  if (children.length === 0 || children.some(isNeeded)) return false

  for (const child of children) child.remove()
  return true
}

/**
 * Lets the link to more messages lead on from what is left, and adds it if it is missing.
 * @param {"older" | "newer"} id
 * @param {string} page
 * @param {HTMLElement} messages
 */
function setLink(id, page, messages) {
  const link = document.getElementById(id) ?? addLink(id, messages)
  const { read } = messages.dataset
  const url = read === undefined ? page : `${page}&read=${read}`
  // What it is loading already would leave a gap.
  link.dispatchEvent(new Event("htmx:abort"))
  link.setAttribute("href", url)
  link.setAttribute("hx-get", url)
  htmx.process(link, true)
}

/**
 * @param {"older" | "newer"} id
 * @param {HTMLElement} messages
 */
function addLink(id, messages) {
  const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById(`${id}-link`))
  const link = /** @type {HTMLElement} */ (content.firstElementChild?.cloneNode(true))
  link.id = id
  if (id === "older") messages.before(link)
  else messages.parentElement?.append(link)
  return link
}
