import { nameTokenBefore } from "./name-tokens.js"
import { replaceText } from "./text-edits.js"

/** @import { NameToken } from "./name-tokens.js" */

/** Typing pauses this long before a request, if suggestions are shown already. */
const debounceMs = 100

/**
 * Suggests members, roles, channels and emoji for a name that is being typed, and commands behind a slash. The text box keeps the focus and the keys;
 * `aria-activedescendant` names the active suggestion. The server renders the list.
 */
export class Completions {
  #text
  #roomPath
  #list = document.createElement("div")
  /**
   * The token of the latest request.
   * @type {NameToken | null}
   */
  #requested = null
  /**
   * The token that the shown list is for.
   * @type {NameToken | null}
   */
  #shown = null
  #active = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {HTMLTextAreaElement} text
   * @param {string} roomPath the path of the room whose names are suggested
   */
  constructor(text, roomPath) {
    this.#text = text
    this.#roomPath = roomPath
    this.#list.className = "completing"
    text.after(this.#list)
    text.ariaAutoComplete = "list"
    this.#listenToText()
    this.#listenToList()
    this.#update()
  }

  get #options() {
    return /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll('[role="option"]')])
  }

  #listenToText() {
    const text = this.#text
    text.addEventListener("input", (event) => {
      if (!(event instanceof InputEvent && event.isComposing)) this.#update()
    })
    text.addEventListener("compositionend", () => this.#update())
    text.addEventListener("click", () => this.#update())
    text.addEventListener("keyup", ({ key }) => {
      if (/^(Arrow(Left|Right)|Home|End)$/.test(key)) this.#update()
    })
    text.addEventListener("blur", () => this.#close())
    // Capturing: before the composer, which would send the message.
    text.addEventListener("keydown", (event) => this.#onKeyDown(event), { capture: true })
  }

  #listenToList() {
    // A pressed suggestion must not take the focus from the text box.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.#list.addEventListener("mousedown", (event) => event.preventDefault())
    this.#list.addEventListener("click", ({ target }) => {
      const option = target instanceof Element && target.closest('[role="option"]')
      if (option) this.#accept(/** @type {HTMLElement} */ (option))
    })
  }

  /** Requests suggestions if the caret is at another name than before. */
  #update() {
    const token = nameTokenBefore(this.#text)
    if (!token) return this.#close()
    const isSame = token.written === this.#requested?.written && token.start === this.#requested.start
    if (isSame) return

    this.#requested = token
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#request(token), this.#shown ? debounceMs : 0)
  }

  /** @param {NameToken} token */
  async #request(token) {
    const query = new URLSearchParams({ kind: token.kind, q: token.name })
    const answer = await fetch(`${this.#roomPath}/complete?${query}`).catch(() => null)
    const html = answer?.ok ? await answer.text() : ""
    // Answers may overtake each other, or arrive too late.
    if (this.#requested === token && document.activeElement === this.#text) this.#show(token, html)
  }

  /**
   * @param {NameToken} token
   * @param {string} html
   */
  #show(token, html) {
    const wasShown = this.#shown !== null
    this.#list.innerHTML = html
    const { firstElementChild: list } = this.#list
    if (!list || this.#options.length === 0) return this.#hide()

    this.#shown = token
    list.id = "completions"
    this.#text.setAttribute("aria-controls", list.id)
    this.#text.ariaHasPopup = "listbox"
    this.#choose(0)
    if (!wasShown) announce(`${this.#options.length} suggestions`)
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    if (!this.#shown || event.isComposing || event.keyCode === 229) return

    const { key, shiftKey } = event
    const options = this.#options
    const option = options[this.#active]
    const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0
    if (step) this.#choose((this.#active + step + options.length) % options.length)
    else if (key === "Escape") this.#close()
    else if ((key === "Enter" || key === "Tab") && !shiftKey && this.#matches(option)) this.#accept(option)
    else return

    event.preventDefault()
    event.stopImmediatePropagation()
  }

  /**
   * May a suggestion be taken? The list may be for an earlier token: then it must match the current one too.
   * @param {HTMLElement | undefined} option
   * @returns {option is HTMLElement}
   */
  #matches(option) {
    if (!option || !this.#requested) return false

    const name = this.#requested.name.toLowerCase()
    return this.#requested === this.#shown || option.textContent.toLowerCase().includes(name)
  }

  /** @param {number} index */
  #choose(index) {
    this.#active = index
    for (const [i, option] of this.#options.entries()) option.ariaSelected = String(i === index)
    const active = this.#options[index]
    if (!active) return

    this.#text.setAttribute("aria-activedescendant", active.id)
    active.scrollIntoView({ block: "nearest" })
  }

  /** @param {HTMLElement} option */
  #accept(option) {
    const { start = 0 } = this.#requested ?? {}
    const end = this.#text.selectionStart
    const { insert = "", href, page } = option.dataset
    const isFollowedBySpace = /^\s/.test(this.#text.value.slice(end))
    this.#close()
    replaceText(this.#text, { start, end }, isFollowedBySpace ? insert.trimEnd() : insert)
    this.#requested = nameTokenBefore(this.#text)
    if (href) openLink(href, page === undefined)
  }

  #close() {
    clearTimeout(this.#timer)
    // A dismissed list stays away until something else is typed.
    this.#requested = nameTokenBefore(this.#text)
    this.#hide()
  }

  #hide() {
    if (!this.#shown && this.#list.childElementCount === 0) return

    this.#shown = null
    this.#list.replaceChildren()
    for (const name of ["controls", "haspopup", "activedescendant"])
      this.#text.removeAttribute(`aria-${name}`)
  }
}

/**
 * @param {string} href
 * @param {boolean} isPanel
 */
function openLink(href, isPanel) {
  const link = document.createElement("a")
  link.href = href
  link.toggleAttribute("data-dialog", isPanel)
  document.body.append(link)
  link.click()
  link.remove()
}

/** @param {string} text */
function announce(text) {
  const announcer = document.getElementById("announcer")
  if (announcer) announcer.textContent = text
}
