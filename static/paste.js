import { textFile } from "./character-count.js"
import { markdownFromHtml } from "./markdown-from-html.js"
import { replaceText } from "./text-edits.js"

/** Text longer than so many messages is attached as a file: the text box would become slow. */
const maxMessages = 10

/**
 * Keeps the formatting of pasted text as Markdown, and attaches what is far too long as a file.
 * @param {HTMLTextAreaElement} text
 * @param {(file: File) => boolean} attach adds a file to the message; `false` if that is impossible
 */
export function handlePastes(text, attach) {
  // Firefox offers the formatting also where Ctrl+Shift+V asks for the plain text.
  let isPlain = false
  const onKey = (/** @type {KeyboardEvent} */ { type, key, shiftKey }) => {
    isPlain = type === "keydown" && shiftKey && /^v$/i.test(key)
  }
  text.addEventListener("keydown", onKey)
  text.addEventListener("keyup", onKey)
  text.addEventListener("paste", (event) => {
    const { clipboardData } = event
    // The tray may have taken it as files.
    if (!clipboardData || event.defaultPrevented) return

    const plain = clipboardData.getData("text/plain")
    const { selectionStart: start, selectionEnd: end } = text
    const formatted = isPlain ? null : markdownIn(clipboardData)
    const pasted = linkFor(text.value.slice(start, end), plain) ?? formatted
    const content = pasted ?? plain
    const isTooLong = content.length > maxMessages * Number(text.dataset.maxLength)
    if (isTooLong && attach(textFile(content))) {
      event.preventDefault()
    } else if (pasted !== null) {
      event.preventDefault()
      replaceText(text, { start, end }, pasted)
    }
  })
}

/**
 * A URL pasted over selected words makes them a link.
 * @param {string} selected
 * @param {string} plain
 */
function linkFor(selected, plain) {
  const isLink = /^https?:\/\/[^\s()]+$/.test(plain)
  const canBeNamed = selected.trim() !== "" && !/[\n[\]]|^https?:/.test(selected)
  return isLink && canBeNamed ? `[${selected}](${plain})` : null
}

/**
 * `null` if the plain text says the same.
 * @param {DataTransfer} clipboardData
 */
function markdownIn(clipboardData) {
  const html = clipboardData.getData("text/html")
  // Editors add the colours of code, which are no formatting.
  if (html === "" || clipboardData.types.includes("vscode-editor-data")) return null

  const markdown = markdownFromHtml(html)
  return markdown === clipboardData.getData("text/plain").trim() ? null : markdown
}
