/** With so few characters left, the count is shown. */
const nearMax = 200

/**
 * Shows how many characters a text box has left, and that a text is too long: such a text is kept, and not submitted.
 */
export class CharacterCount {
  #text
  #max
  #attach
  #note
  #shown
  #button
  /** Read by screen readers. */
  #status
  /**
   * The last announced state: screen readers are not told of every letter.
   * @type {"" | "near" | "over"}
   */
  #state = ""

  /**
   * @param {HTMLTextAreaElement} text with its `LengthNote` in the same form
   * @param {(file: File) => boolean} attach adds a file to the message; `false` if that is impossible
   */
  constructor(text, attach) {
    this.#text = text
    this.#max = Number(text.dataset.maxLength)
    this.#attach = attach
    this.#note = /** @type {HTMLElement} */ (text.form?.querySelector(".length"))
    this.#status = /** @type {HTMLElement} */ (this.#note.nextElementSibling)
    this.#shown = /** @type {HTMLElement} */ (this.#note.firstElementChild)
    this.#button = this.#note.querySelector("button")
    text.addEventListener("input", () => this.#update())
    this.#button?.addEventListener("click", () => this.#attachInstead())
    this.#update()
  }

  #update() {
    const left = this.#max - this.#text.value.length
    const isOver = left < 0
    const problem = isOver ? `${countText(left)} A message has at most ${this.#max} characters.` : ""
    this.#text.setCustomValidity(problem)
    // The server sets it for other reasons.
    if (isOver || this.#state === "over") this.#text.ariaInvalid = isOver ? "true" : null
    const state = isOver ? "over" : left <= nearMax ? "near" : ""
    this.#note.hidden = state === ""
    this.#note.classList.toggle("over", isOver)
    this.#shown.textContent = state ? countText(left) : ""
    if (this.#button) this.#button.hidden = !isOver
    if (state !== this.#state) this.#status.textContent = this.#shown.textContent
    this.#state = state
  }

  #attachInstead() {
    const isAttached = this.#attach(textFile(this.#text.value))
    this.#text.focus()
    if (!isAttached) return

    this.#text.select()
    // So that it can be undone.
    document.execCommand("delete")
  }
}

/** @param {string} content */
export function textFile(content) {
  return new File([content], "message.txt", { type: "text/plain" })
}

/** @param {number} left */
function countText(left) {
  const count = Math.abs(left)
  const characters = `${count} character${count === 1 ? "" : "s"}`
  return left < 0 ? `${characters} too long.` : `${characters} left.`
}
