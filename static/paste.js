/** What is pasted with formatting keeps what of it a message can have; what is far too long for one becomes a file. */

import { replaceText } from "./complete.js"
import { markdownFrom } from "./formatting.js"
import { attach } from "./length.js"

/** Of more than so many messages nobody makes one by hand, and the text box would be slow with it: it goes as a file. */
const maxMessages = 10

export function startPasting(text) {
  text.addEventListener("paste", (event) => {
    // Whoever was there first took it as files.
    if (event.defaultPrevented) return

    const { clipboardData } = event
    const [html, plain] = [clipboardData.getData("text/html"), clipboardData.getData("text/plain")]
    const { selectionStart: start, selectionEnd: end } = text
    const pasted = linked(text.value.slice(start, end), plain) ?? formatted(html, plain, clipboardData.types)
    const content = pasted ?? plain
    if (content.length > maxMessages * text.dataset.maxLength && attach(text, content)) {
      return event.preventDefault()
    }
    if (pasted === null) return

    event.preventDefault()
    replaceText(text, start, end, pasted)
  })
}

/** An address pasted over words is where they lead. */
function linked(selected, plain) {
  const isLink = /^https?:\/\/[^\s()]+$/.test(plain)
  return isLink && selected.trim() !== "" && !/[\n[\]]|^https?:/.test(selected)
    ? `[${selected}](${plain})`
    : null
}

/** `null`: as plain text it says the same. */
function formatted(html, plain, types) {
  // Editors send the colours of code along, which is no formatting that anybody meant.
  if (html === "" || types.includes("vscode-editor-data")) return null

  const markdown = markdownFrom(html)
  return markdown === plain.trim() ? null : markdown
}
