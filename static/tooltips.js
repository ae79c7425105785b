/** Elements whose titles are shown at once, and on focus too: browsers wait a second, and need a pointer. */
const titled = ":is(.rail, .room-header, .tools, .composer-box) [title]"
/** Messages are sent without titles: here the label is shown to those who point at it. */
const places = `${titled}, .reactions [aria-label]`
const delayMs = 250
const gapPx = 8

/** Shows the titles of icons beside them. */
export class Tooltips {
  #tip = Object.assign(document.createElement("div"), { id: "tooltip", popover: "manual" })
  /** @type {HTMLElement | null} */
  #shown = null
  #title = ""
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  constructor() {
    this.#tip.setAttribute("role", "tooltip")
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch") this.#turnTo(closest(event, places) ?? this.#around(event))
    })
    document.addEventListener("focusin", (event) => {
      const element = closest(event, titled)
      if (element?.matches(":focus-visible")) this.#turnTo(element)
    })
    for (const event of ["focusout", "pointerdown", "keydown", "scroll"])
      document.addEventListener(event, () => this.#turnTo(null), { capture: true, passive: true })
  }

  /**
   * The shown element while the pointer is still in it: its title is away.
   * @param {Event} event
   */
  #around({ target }) {
    return this.#shown?.contains(/** @type {Node} */ (target)) ? this.#shown : null
  }

  /** @param {HTMLElement | null} element */
  #turnTo(element) {
    if (element === this.#shown) return

    clearTimeout(this.#timer)
    if (this.#shown) {
      if (this.#title) this.#shown.title ||= this.#title
      this.#tip.remove()
    }
    this.#shown = element
    if (!element) return

    this.#title = element.title
    this.#tip.textContent = element.title || element.ariaLabel
    // Else the browser would show it, too.
    element.removeAttribute("title")
    this.#timer = setTimeout(() => this.#show(element), element.closest(".rail") ? 0 : delayMs)
  }

  /** @param {HTMLElement} element */
  #show(element) {
    if (!element.isConnected) return

    document.body.append(this.#tip)
    this.#tip.showPopover()
    const box = element.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.#tip
    const isBeside = element.matches(".rail .tile")
    const isAbove = box.top > height + 2 * gapPx
    const left = isBeside ? box.right + gapPx : box.left + (box.width - width) / 2
    const top = isBeside
      ? box.top + (box.height - height) / 2
      : isAbove
        ? box.top - height - gapPx
        : box.bottom + gapPx
    this.#tip.style.left = `${Math.max(gapPx, Math.min(left, innerWidth - width - gapPx))}px`
    this.#tip.style.top = `${top}px`
  }
}

/**
 * @param {Event} event
 * @param {string} selector
 */
function closest({ target }, selector) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(selector)) : null
}
