/**
 * A swap never takes the focus. What has it and is replaced has it again, known by what it is called; where that is
 * gone, what it stood in. Lists that are morphed may also have put something else under the focus: it moves along.
 */

export function keepFocus() {
  let before = null

  document.addEventListener("htmx:before:swap", () => {
    const { activeElement } = document
    before = activeElement === document.body ? null : placeOf(activeElement)
  })
  document.addEventListener("htmx:after:swap", () => {
    if (!before) return

    const place = before
    before = null
    const isOther = document.activeElement === place.element && nameOf(place.element) !== place.name
    if (isLost() || isOther) goBackTo(place)
  })
}

/** Is the focus nowhere? */
export const isLost = () => document.activeElement === document.body

/** Where something is: what it is called, and all that it stands in, innermost first. */
export function placeOf(element) {
  const holders = []
  for (let at = element?.closest("[id]"); at; at = at.parentElement?.closest("[id]")) holders.push(at.id)
  return { element, holders, name: element && nameOf(element) }
}

/** The focus to what is there now, else around it: a log's own stop, where a message is gone. */
export function goBackTo({ holders, name }) {
  for (const around of holders.map((id) => document.getElementById(id))) {
    if (!around) continue

    const inside = [...around.querySelectorAll("a, button, input")]
    const same = name && inside.find((one) => nameOf(one) === name)
    for (const one of [same, around, around.querySelector(":scope > [tabindex='0']")]) {
      one?.focus({ preventScroll: true })
      // What is hidden or no stop does not take it.
      if (one && document.activeElement === one) return
    }
  }
}

/** Where it leads, else what it sends, else what it is called: the same in the next version of the page. */
function nameOf(element) {
  const { name, value } = element
  return element.getAttribute("href") ?? (name ? `${name} ${value}` : element.ariaLabel)
}
