/**
 * Keys that work wherever one is on a page: to its regions, to other places and to the help sheet. Single keys do so only
 * outside of fields, and for those who have not turned them off (WCAG 2.1.4), and nothing does while a dialog is open, which would be in the way.
 */

import { openInDialog } from "./dialog.js"
import { toChannel, toggleSwitcher } from "./places.js"

/** Regions of a page in their order, and what in each has the focus first. */
const regions = [
  ["#servers", "[aria-current]"],
  ["#channels", "[aria-current]"],
  ["#main.page", "a[href]"],
  ["#log", "[tabindex='0']"],
  ["#composer", "textarea"],
  ["#members", "a[href]"],
]
const reachable = "a[href], button:not([tabindex='-1']), input, textarea, select, [tabindex='0']"

/** Letters and signs are shortcuts for those who have not said otherwise. */
export const areLettersKeys = () => document.documentElement.dataset.keys !== "off"

/** Is it meant for an input method, or for the text of a field? */
export function isTyping({ target, isComposing, keyCode }) {
  const isField = target.matches?.(
    "textarea, select, input:not([type=checkbox], [type=radio], [type=submit])",
  )
  return isComposing || keyCode === 229 || isField || target.isContentEditable
}

export function startShortcuts() {
  const isMac = /^(Mac|iP)/.test(navigator.platform)

  document.addEventListener("keydown", (event) => {
    const { key, altKey, shiftKey, metaKey, isComposing, keyCode } = event
    if (event.defaultPrevented || isComposing || keyCode === 229) return

    // On a Mac Ctrl+K deletes to the end of the line.
    const isCommand = !altKey && (metaKey || (event.ctrlKey && !isMac))
    const isPlain = !altKey && !metaKey && !event.ctrlKey
    const isFree = !document.querySelector("dialog:modal")
    if (isCommand && key.toLowerCase() === "k" && !shiftKey) toggleSwitcher()
    else if (!isFree) return
    else if (isCommand && (key === "/" || key === "?")) openInDialog("/keyboard")
    else if (isPlain && key === "?" && areLettersKeys() && !isTyping(event)) openInDialog("/keyboard")
    else if (isPlain && key === "/" && areLettersKeys() && !isTyping(event)) toSearch()
    else if (isPlain && key === "F6") toRegion(shiftKey ? -1 : 1)
    else if (altKey && /^Arrow(Up|Down)$/.test(key)) toChannel(key === "ArrowUp" ? -1 : 1, shiftKey)
    else if (isPlain && key === "PageUp" && shiftKey && toFirstUnread()) event.preventDefault()
    else if (isPlain && key === "Escape") return leaveUnread()
    else return

    event.preventDefault()
  })
}

/** Where the page has a box for it, there; else to the page that is one, for the room where there is one. */
function toSearch() {
  const box = document.getElementById("search-query")
  box?.focus()
  box?.select()
  const find = (within) => document.querySelector(`${within} a[href^="/search"]`)
  if (!box) (find("#main") ?? find("body"))?.click()
}

/** Around the regions that can be seen, beginning at the one that has the focus. */
function toRegion(step) {
  const shown = regions
    .map(([selector, first]) => ({ region: document.querySelector(selector), first }))
    .filter(({ region }) => region?.checkVisibility())
  const at = shown.findIndex(({ region }) => region.contains(document.activeElement))
  const next = at < 0 && step < 0 ? shown.length - 1 : (at + step + shown.length) % shown.length
  const { region, first } = shown[next] ?? {}
  const seen = (one) => one.checkVisibility()
  const target =
    region &&
    ([...region.querySelectorAll(first)].find(seen) ?? [...region.querySelectorAll(reachable)].find(seen))
  ;(target ?? region)?.focus()
}

function toFirstUnread() {
  const link = document.querySelector("#new-bar:not([hidden]) a")
  link?.click()
  return Boolean(link)
}

/** What is new has been seen, as far as its reader is concerned: read, and on at the end. */
function leaveUnread() {
  if (document.querySelector(":popover-open")) return

  document.querySelector("#new-bar:not([hidden]) button")?.click()
  const jump = document.getElementById("jump")
  if (jump && !jump.hidden) jump.click()
}
