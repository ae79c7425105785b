/**
 * What search can do with JavaScript: it opens beside the room, filters are added to what is typed, and recent searches are
 * suggested. Loaded with the first search; it imports nothing that every page loads too.
 */

const maxRecent = 8
/** @param {string} viewerId */
const recentKey = (viewerId) => `searches:${viewerId}`

/**
 * Opens the search beside the room.
 * @param {string} href of the page that searches this room
 * @param {string} viewerId
 */
export async function openSearch(href, viewerId) {
  const pane = document.getElementById("search-pane") ?? createPane()
  const url = `${href}${href.includes("?") ? "&" : "?"}beside`
  await htmx.ajax("GET", url, { source: pane, target: "#search-pane", swap: "innerHTML" })
  // No answer: `answers.js` says so.
  if (!pane.firstElementChild) return

  await takeStyles(pane)
  pane.hidden = false
  const field = completeSearch(pane, viewerId)
  field?.focus()
  // Behind the filter for this room.
  field?.setSelectionRange(field.value.length, field.value.length)
}

function createPane() {
  const pane = document.createElement("aside")
  pane.id = "search-pane"
  pane.className = "search-pane search"
  pane.ariaLabel = "Search"
  pane.hidden = true
  pane.setAttribute("hx-sync", "replace")
  document.getElementById("room")?.after(pane)
  const close = () => {
    pane.hidden = true
    pane.replaceChildren()
    document.getElementById("composer-content")?.focus()
  }
  pane.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest(".close-search")) close()
  })
  pane.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return

    event.stopPropagation()
    close()
  })
  return pane
}

/**
 * Adds filters by clicking and recent searches to a search. Returns its field.
 * @param {HTMLElement} root
 * @param {string} viewerId
 */
export function completeSearch(root, viewerId) {
  const field = root.querySelector("#search-query")
  if (!(field instanceof HTMLInputElement) || field.dataset.complete) return null

  field.dataset.complete = ""
  showRecent(root, viewerId)
  field.form?.addEventListener("submit", () => {
    remember(viewerId, field.value.trim())
    root.querySelector(".search-recent")?.remove()
  })
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.chip, a.search-example") : null
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return

    event.preventDefault()
    const { filter } = link.dataset
    const asked = new URL(link.href).searchParams.get("q") ?? ""
    // Beside what is typed since the last search.
    field.value = filter ? toggled(field.value, filter) : asked
    field.form?.requestSubmit()
  })
  return field
}

/**
 * @param {string} query
 * @param {string} filter
 */
function toggled(query, filter) {
  const words = query.split(/\s+/).filter(Boolean)
  return (words.includes(filter) ? words.filter((word) => word !== filter) : [...words, filter]).join(" ")
}

/**
 * @param {string} viewerId
 * @returns {string[]}
 */
function recent(viewerId) {
  try {
    return JSON.parse(localStorage.getItem(recentKey(viewerId)) ?? "[]")
  } catch {
    return []
  }
}

/**
 * @param {string} viewerId
 * @param {string} query
 */
function remember(viewerId, query) {
  if (!query) return

  try {
    const queries = [query, ...recent(viewerId).filter((one) => one !== query)].slice(0, maxRecent)
    localStorage.setItem(recentKey(viewerId), JSON.stringify(queries))
  } catch {
    // Full or forbidden.
  }
}

/**
 * Below the field, until something is looked for.
 * @param {HTMLElement} root
 * @param {string} viewerId
 */
function showRecent(root, viewerId) {
  const queries = recent(viewerId)
  if (queries.length === 0 || root.querySelector(".found")) return

  const list = document.createElement("ul")
  list.className = "search-filters search-recent"
  list.ariaLabel = "Recent searches"
  list.append(
    ...queries.map((query) => {
      const item = document.createElement("li")
      const href = `/search?${new URLSearchParams({ q: query })}`
      item.append(Object.assign(document.createElement("a"), { href, className: "chip", textContent: query }))
      return item
    }),
  )
  root.querySelector("#search-found")?.before(list)
}

/**
 * Keeps the style sheet that came with the pane, as `dialog.js` does. Resolves when it applies.
 * @param {HTMLElement} pane
 */
function takeStyles(pane) {
  const sheet = pane.querySelector("link[rel=stylesheet]")
  if (!(sheet instanceof HTMLLinkElement)) return
  if (document.head.querySelector(`link[href="${sheet.getAttribute("href")}"]`)) return sheet.remove()

  return new Promise((resolve) => {
    sheet.onload = sheet.onerror = resolve
    document.head.append(sheet)
  })
}
