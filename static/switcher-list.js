/**
 * Choosing a result of the switcher while the text box keeps the focus: `aria-activedescendant` names the active option.
 * A module of its own, loaded when the switcher is first opened.
 */
export class SwitcherList {
  #panel
  #follow
  /** @type {HTMLInputElement} */
  #box
  #active = 0
  /** Enter was pressed before the results for the current text arrived. */
  #isSubmitted

  /**
   * @param {HTMLElement} panel the open switcher; htmx loads its results
   * @param {{ isSubmitted: boolean, follow: (link: HTMLElement) => void }} options
   */
  constructor(panel, { isSubmitted, follow }) {
    this.#panel = panel
    this.#follow = follow
    this.#isSubmitted = isSubmitted
    this.#box = /** @type {HTMLInputElement} */ (panel.querySelector("[role=combobox]"))
    this.#box.addEventListener("input", () => {
      this.#isSubmitted = false
    })
    this.#box.addEventListener("keydown", (event) => this.#onKeyDown(event))
    this.#box.form?.addEventListener("submit", () => this.#submit())
    // The text box keeps the focus, or further typing would be lost.
    panel.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest('[role="option"]')) event.preventDefault()
    })
    const results = /** @type {HTMLElement} */ (this.#list.parentElement)
    new MutationObserver(() => this.#loaded()).observe(results, { childList: true })
    this.#loaded()
  }

  get #list() {
    return /** @type {HTMLElement} */ (this.#panel.querySelector("#switch-found"))
  }

  get #options() {
    return /** @type {HTMLElement[]} */ ([...this.#panel.querySelectorAll('[role="option"]')])
  }

  /** Are the shown results those of the current text? */
  get #isCurrent() {
    return this.#list.dataset.q === this.#box.value
  }

  #loaded() {
    this.#choose(0)
    if (this.#isSubmitted && this.#isCurrent) this.#submit()
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    if (event.isComposing || event.keyCode === 229) return

    const last = this.#options.length - 1
    /** @type {Record<string, number>} */
    const indexes = {
      ArrowDown: this.#active >= last ? 0 : this.#active + 1,
      ArrowUp: this.#active <= 0 ? last : this.#active - 1,
      PageDown: Math.min(this.#active + 8, last),
      PageUp: Math.max(this.#active - 8, 0),
    }
    const index = indexes[event.key]
    if (index === undefined) return

    event.preventDefault()
    this.#choose(index)
  }

  /** @param {number} index */
  #choose(index) {
    this.#active = index
    const options = this.#options
    for (const [i, option] of options.entries()) option.ariaSelected = String(i === index)
    this.#box.ariaExpanded = String(options.length > 0)
    const active = options[index]
    if (!active) return this.#box.removeAttribute("aria-activedescendant")

    this.#box.setAttribute("aria-controls", "switch-list")
    this.#box.setAttribute("aria-activedescendant", active.id)
    active.scrollIntoView({ block: "nearest" })
  }

  #submit() {
    this.#isSubmitted = !this.#isCurrent
    const option = this.#options[this.#active]
    if (option && !this.#isSubmitted) this.#follow(option)
  }
}
