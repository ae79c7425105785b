/** How far a card stays from the name and from the edges. */
const gapPx = 8

const hasRoom = matchMedia("(width >= 48rem)")

/** Shows cards of people beside their names, where there is room. A card stays the page's dialog, only its place differs. */
export class PersonCards {
  #dialog
  /**
   * Where the name is that was clicked.
   * @type {DOMRect | undefined}
   */
  #name

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog
    const onClick = (/** @type {Event} */ { target }) => {
      const link = target instanceof Element ? target.closest("a[data-dialog]") : null
      // Until the card arrives, messages may move the name.
      if (link && !dialog.open) this.#name = isOfPerson(link) ? link.getBoundingClientRect() : undefined
    }
    document.addEventListener("click", onClick, { capture: true })
    // Before it is painted.
    new MutationObserver(() => this.#place()).observe(dialog, { attributes: true, attributeFilter: ["open"] })
    document.addEventListener("htmx:after:swap", ({ detail }) => {
      if (detail.ctx?.target?.id === "dialog-body") this.#place()
    })
  }

  #place() {
    const { style, classList } = this.#dialog
    const name = this.#dialog.open && this.#dialog.querySelector(".card") ? this.#name : undefined
    const isBeside = name !== undefined && hasRoom.matches
    classList.toggle("beside", isBeside)
    style.left = style.top = ""
    if (!isBeside) return

    const { offsetWidth, offsetHeight } = this.#dialog
    const right = name.right + gapPx
    const left = right + offsetWidth + gapPx <= innerWidth ? right : name.left - gapPx - offsetWidth
    const top = Math.min(name.top, innerHeight - offsetHeight - gapPx)
    style.left = `${Math.max(gapPx, left)}px`
    style.top = `${Math.max(gapPx, top)}px`
  }
}

/** @param {Element} link */
function isOfPerson(link) {
  return link.getAttribute("href")?.startsWith("/users/")
}
