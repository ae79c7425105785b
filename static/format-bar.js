import { replaceText } from "./text-edits.js"

/**
 * What a button or its key does with the selected text.
 * @typedef {{ label: string, shown: string, mark?: string, key?: string, shift?: boolean, each?: string }} Format
 */

/** @type {Format[]} */
const formats = [
  { label: "Bold", shown: "B", mark: "**", key: "b" },
  { label: "Italic", shown: "I", mark: "_", key: "i" },
  { label: "Strikethrough", shown: "S", mark: "~~", key: "x", shift: true },
  { label: "Code", shown: "<>", mark: "`", key: "e" },
  { label: "Spoiler", shown: "▒", mark: "||", key: "h", shift: true },
  { label: "Quote", shown: "❝", each: "> " },
  { label: "List", shown: "•", each: "- " },
]

/** A bar of buttons above a text box while text in it is selected, and keys for the same. */
export class FormatBar {
  #text
  #bar = document.createElement("div")

  /** @param {HTMLTextAreaElement} text */
  constructor(text) {
    this.#text = text
    this.#bar.className = "format-bar"
    this.#bar.role = "toolbar"
    this.#bar.ariaLabel = "Formatting"
    this.#bar.hidden = true
    this.#bar.append(...formats.map((format) => this.#button(format)))
    text.before(this.#bar)
    const untilRemoved = new AbortController()
    const onSelection = () => (text.isConnected ? this.#update() : untilRemoved.abort())
    document.addEventListener("selectionchange", onSelection, { signal: untilRemoved.signal })
    text.addEventListener("blur", (event) => this.#update(event.relatedTarget))
    this.#bar.addEventListener("focusout", (event) => this.#update(event.relatedTarget))
    this.#bar.addEventListener("keydown", (event) => this.#onBarKey(event))
    text.addEventListener("keydown", (event) => this.#onKey(event))
  }

  /** @param {Format} format */
  #button(format) {
    const { label, shown, key, shift } = format
    const button = document.createElement("button")
    button.type = "button"
    button.className = `quiet format-${label.toLowerCase()}`
    button.textContent = shown
    button.ariaLabel = label
    button.title = key ? `${label} (Ctrl+${shift ? "Shift+" : ""}${key.toUpperCase()})` : label
    // The text box keeps its selection.
    button.addEventListener("pointerdown", (event) => event.preventDefault())
    button.addEventListener("mousedown", (event) => event.preventDefault())
    button.addEventListener("click", () => apply(this.#text, format))
    return button
  }

  /** @param {EventTarget | null} [focused] what gets the focus now */
  #update(focused = document.activeElement) {
    const { selectionStart, selectionEnd } = this.#text
    const isInside = focused === this.#text || (focused instanceof Node && this.#bar.contains(focused))
    this.#bar.hidden = !isInside || selectionStart === selectionEnd || this.#text.readOnly
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || !(event.ctrlKey || event.metaKey)) return

    const format = formats.find(
      ({ key, shift = false }) => key === event.key.toLowerCase() && shift === event.shiftKey,
    )
    if (!format) return

    event.preventDefault()
    event.stopPropagation()
    apply(this.#text, format)
  }

  /** @param {KeyboardEvent} event */
  #onBarKey(event) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.#bar.children])
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target))
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0
    if (step) buttons[(at + step + buttons.length) % buttons.length]?.focus()
    else if (event.key === "Escape") this.#text.focus()
    else return

    event.preventDefault()
    event.stopPropagation()
  }
}

/**
 * Adds the marks around the selection, or before each of its lines; removes them where they are there.
 * @param {HTMLTextAreaElement} text
 * @param {Format} format
 */
export function apply(text, { mark = "", each = "" }) {
  const { selectionStart: start, selectionEnd: end, value } = text
  const selected = value.slice(start, end)
  if (each) return applyToLines(text, each)

  const size = mark.length
  const isInside = selected.length >= 2 * size && selected.startsWith(mark) && selected.endsWith(mark)
  const isAround = value.slice(start - size, start) === mark && value.slice(end, end + size) === mark
  if (isInside) {
    select(text, start, selected.slice(size, -size), { start, end })
  } else if (isAround) {
    select(text, start - size, selected, { start: start - size, end: end + size })
  } else {
    replaceText(text, { start, end }, mark + selected + mark)
    text.setSelectionRange(start + size, start + size + selected.length)
  }
}

/**
 * @param {HTMLTextAreaElement} text
 * @param {string} each
 */
function applyToLines(text, each) {
  const { value, selectionEnd: end } = text
  const start = value.lastIndexOf("\n", text.selectionStart - 1) + 1
  const lines = value.slice(start, end).split("\n")
  const isMarked = lines.every((line) => line.startsWith(each))
  const changed = lines.map((line) => (isMarked ? line.slice(each.length) : each + line)).join("\n")
  select(text, start, changed, { start, end })
}

/**
 * @param {HTMLTextAreaElement} text
 * @param {number} at
 * @param {string} replacement
 * @param {{ start: number, end: number }} range
 */
function select(text, at, replacement, range) {
  replaceText(text, range, replacement)
  text.setSelectionRange(at, at + replacement.length)
}
