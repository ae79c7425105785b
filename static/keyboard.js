import { openNeighbour } from "./channels.js"
import { find, findAll } from "./elements.js"
import { areLettersShortcuts, isCommand, isComposing, isTyping } from "./input-events.js"

/** @import { PageDialog } from "./dialog.js" */

/** The regions of a page for F6, in order, and what in each gets the focus first. */
const regions = /** @type {const} */ ([
  ["#servers", "[aria-current]"],
  ["#channels", "[aria-current]"],
  ["#main.page", "a[href]"],
  ["#log", "[tabindex='0']"],
  ["#composer", "textarea"],
  ["#members", "a[href]"],
])
const focusable = "a[href], button:not([tabindex='-1']), input, textarea, select, [tabindex='0']"

/**
 * Shortcuts that work everywhere on a page, but for that of the switcher, which may not wait: see `early-keys.js`. A modal
 * dialog disables all.
 */
export class Shortcuts {
  #dialog

  /** @param {PageDialog} dialog */
  constructor(dialog) {
    this.#dialog = dialog
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || isComposing(event)) return
      if (this.#run(event)) event.preventDefault()
    })
  }

  /**
   * `false` if the browser should go on with the key.
   * @param {KeyboardEvent} event
   */
  #run(event) {
    const { key, altKey, shiftKey, metaKey, ctrlKey } = event
    if (document.querySelector("dialog:modal")) return false
    if (isCommand(event) && (key === "/" || key === "?")) {
      this.#dialog.open("/keyboard")
      return true
    }
    if (altKey && /^Arrow(Up|Down)$/.test(key)) {
      openNeighbour(key === "ArrowUp" ? -1 : 1, shiftKey)
      return true
    }
    return !altKey && !metaKey && !ctrlKey && this.#runPlain(event)
  }

  /** @param {KeyboardEvent} event */
  #runPlain(event) {
    const { key, shiftKey } = event
    const isLetter = key === "?" || key === "/"
    if (isLetter && (!areLettersShortcuts() || isTyping(event))) return false

    if (key === "?") this.#dialog.open("/keyboard")
    else if (key === "/") focusSearch()
    else if (key === "F6") focusRegion(shiftKey ? -1 : 1)
    else if (key === "PageUp" && shiftKey) return jumpToFirstUnread()
    else if (key === "Escape") markReadAndJump()
    // The browser's own meaning of Escape stays.
    return isLetter || key === "F6"
  }
}

/** The page's search field, else the page with one, preferably restricted to this room. */
function focusSearch() {
  const field = find(document, "#search-query", HTMLInputElement)
  if (field) {
    field.focus()
    field.select()
    return
  }
  const link = find(document, '#main a[href^="/search"]') ?? find(document, 'body a[href^="/search"]')
  link?.click()
}

/**
 * Moves the focus to the next visible region.
 * @param {1 | -1} step
 */
function focusRegion(step) {
  const shown = regions
    .map(([selector, first]) => ({ region: find(document, selector), first }))
    .filter(({ region }) => region?.checkVisibility())
  const current = shown.findIndex(({ region }) => region?.contains(document.activeElement))
  const next = current < 0 && step < 0 ? shown.length - 1 : (current + step + shown.length) % shown.length
  const { region, first } = shown[next] ?? {}
  if (!region || !first) return

  const visible = (/** @type {HTMLElement} */ one) => one.checkVisibility()
  const target = findAll(region, first).find(visible) ?? findAll(region, focusable).find(visible)
  const focused = target ?? region
  focused.focus()
}

function jumpToFirstUnread() {
  const link = find(document, "#new-bar:not([hidden]) a")
  link?.click()
  return link !== null
}

/** Marks everything as read and jumps to the end. */
function markReadAndJump() {
  if (document.querySelector(":popover-open")) return

  find(document, "#new-bar:not([hidden]) button")?.click()
  const jump = find(document, "#jump")
  if (jump && !jump.hidden) jump.click()
}
