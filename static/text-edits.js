/**
 * Replaces a part of a text box as if it were typed: it can be undone, and listeners get an `input` event.
 * @param {HTMLTextAreaElement} text
 * @param {{ start: number, end: number }} range
 * @param {string} replacement
 */
export function replaceText(text, { start, end }, replacement) {
  text.focus()
  text.setSelectionRange(start, end)
  // Deprecated, and the only way that keeps the undo history.
  if (document.execCommand("insertText", false, replacement)) return

  text.setRangeText(replacement, start, end, "end")
  text.dispatchEvent(new InputEvent("input", { bubbles: true }))
}
