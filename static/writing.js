/**
 * Help with writing messages: suggestions, formatting, also of pasted text, the character count. Loaded when a text box first gets
 * the focus: a first visit does not need it.
 */

import { CharacterCount } from "./character-count.js"
import { Completions } from "./completions.js"
import { FormatBar } from "./format-bar.js"
import { handlePastes } from "./paste.js"
import { replaceText } from "./text-edits.js"

/** @type {WeakSet<HTMLTextAreaElement>} */
const known = new WeakSet()

/**
 * Adds help to a text box, once.
 * @param {HTMLTextAreaElement} text
 * @param {object} options
 * @param {string} options.roomPath
 * @param {(file: File) => boolean} options.attach adds a file to the message; `false` if that is impossible
 */
export function helpWith(text, { roomPath, attach }) {
  if (known.has(text)) return

  known.add(text)
  new Completions(text, roomPath)
  handlePastes(text, attach)
  new CharacterCount(text, attach)
  new FormatBar(text)
  if (!CSS.supports("field-sizing: content")) growWithText(text)
  if (text.form?.id !== "composer") text.addEventListener("keydown", saveOnEnter)
}

/**
 * Makes a text box as high as its text where styles cannot: in Safari before 26.2.
 * @param {HTMLTextAreaElement} text
 */
function growWithText(text) {
  const box = /** @type {HTMLElement} */ (text.parentElement)
  const grow = () => {
    // While it is measured nothing around it moves: the log would scroll.
    box.style.blockSize = `${box.offsetHeight}px`
    text.style.setProperty("--text-height", "0")
    const borders = text.offsetHeight - text.clientHeight
    text.style.setProperty("--text-height", `${text.scrollHeight + borders}px`)
    box.style.blockSize = ""
  }
  text.addEventListener("input", grow)
  grow()
}

/**
 * As in the composer: on touch screens, Enter breaks the line.
 * @param {KeyboardEvent} event
 */
function saveOnEnter(event) {
  const isMeant = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229
  if (!isMeant || event.defaultPrevented || matchMedia("(pointer: coarse)").matches) return

  event.preventDefault()
  const { form } = /** @type {HTMLTextAreaElement} */ (event.target)
  form?.requestSubmit()
}

/**
 * Writes a text where the caret is, or in place of what is selected.
 * @param {HTMLTextAreaElement} text
 * @param {string} written
 */
export function writeAtCaret(text, written) {
  replaceText(text, { start: text.selectionStart, end: text.selectionEnd }, written)
}
