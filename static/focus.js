import { find, findAll } from "./elements.js"

/**
 * A place in the page that can be found again after its elements were replaced.
 * @typedef {object} FocusPlace
 * @property {Element | null} element
 * @property {string[]} ancestors the ids it is in, innermost first
 * @property {string | null} name
 */

/**
 * Restores the focus after swaps: to the same control in the new markup, else to what contained it. A morphed list may
 * have put another item under the focus: then the focus follows its own.
 */
export class FocusKeeper {
  /** @type {FocusPlace | null} */
  #before = null

  constructor() {
    document.addEventListener("htmx:before:swap", () => {
      const { activeElement } = document
      this.#before = activeElement === document.body ? null : focusPlaceOf(activeElement)
    })
    document.addEventListener("htmx:after:swap", () => {
      const place = this.#before
      if (!place) return

      this.#before = null
      const isOther = document.activeElement === place.element && nameOf(place.element) !== place.name
      if (isFocusLost() || isOther) restoreFocus(place)
    })
  }
}

export const isFocusLost = () => document.activeElement === document.body

/**
 * @param {Element | null} element
 * @returns {FocusPlace}
 */
export function focusPlaceOf(element) {
  const ancestors = []
  for (let at = element?.closest("[id]"); at; at = at.parentElement?.closest("[id]")) ancestors.push(at.id)
  return { element, ancestors, name: nameOf(element) }
}

/** @param {FocusPlace} place */
export function restoreFocus({ ancestors, name }) {
  for (const around of ancestors.map((id) => document.getElementById(id))) {
    if (!around) continue

    const same = name && findAll(around, "a, button, input").find((one) => nameOf(one) === name)
    // In the log, where a message is gone: its one stop for Tab.
    for (const one of [same, around, find(around, ":scope > [tabindex='0']")]) {
      if (!one) continue
      one.focus({ preventScroll: true })
      // Hidden elements and those without a tabindex do not take it.
      if (document.activeElement === one) return
    }
  }
}

/**
 * What identifies a control in the next version of the page: its link and label, its name and value, or its label.
 * @param {Element | null} element
 */
function nameOf(element) {
  if (!element) return null

  const { name, value } = /** @type {HTMLButtonElement} */ (element)
  const link = element.getAttribute("href")
  // Two links of a message may lead to the same place.
  if (link !== null) return `${link} ${element.ariaLabel ?? ""}`

  return name ? `${name} ${value}` : element.ariaLabel
}
