/**
 * A swap never takes the focus. What has it and is replaced has it again, known by what it is called; where that is
 * gone, what it stood in. Lists that are morphed may also have put something else under the focus: it moves along.
 */

export function keepFocus() {
  let before = null

  document.addEventListener("htmx:before:swap", () => {
    const { activeElement } = document
    const holder = activeElement?.closest("[id]")
    before = holder && { activeElement, holder: holder.id, name: nameOf(activeElement) }
  })
  document.addEventListener("htmx:after:swap", () => {
    if (!before) return

    const { activeElement, holder, name } = before
    before = null
    const isLost = document.activeElement === document.body
    const isOther = document.activeElement === activeElement && nameOf(activeElement) !== name
    if (!isLost && !isOther) return

    const around = document.getElementById(holder)
    const same = [...(around?.querySelectorAll("a, button, input") ?? [])].find((one) => nameOf(one) === name)
    ;(same ?? around)?.focus({ preventScroll: true })
  })
}

/** Where it leads, else what it sends, else what it is called: the same in the next version of the page. */
function nameOf(element) {
  const { name, value } = element
  return element.getAttribute("href") ?? (name ? `${name} ${value}` : element.ariaLabel)
}
