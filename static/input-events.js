/**
 * Does a click follow a link in this tab, instead of opening it elsewhere?
 * @param {MouseEvent} event
 */
export function isPlainClick(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
}

/**
 * Is a key press part of an input method's composition?
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
  // Safari ends a composition before the keydown that ended it, and marks that by 229.
  return event.isComposing || event.keyCode === 229
}

/**
 * Is a key press meant for an input method or for the text of a field?
 * @param {KeyboardEvent} event
 */
export function isTyping(event) {
  if (isComposing(event)) return true

  const field = "textarea, select, input:not([type=checkbox], [type=radio], [type=submit])"
  const { target } = event
  return target instanceof HTMLElement && (target.matches(field) || target.isContentEditable)
}

/**
 * Is Ctrl pressed, or on a Mac Cmd? There Ctrl edits text: Ctrl+K deletes to the end of the line.
 * @param {KeyboardEvent} event
 */
export function isCommand({ altKey, ctrlKey, metaKey }) {
  const isMac = /^(Mac|iP)/.test(navigator.platform)
  return !altKey && (metaKey || (ctrlKey && !isMac))
}

/** May single letters be shortcuts? A setting turns them off. Source: WCAG 2.1.4. */
export const areLettersShortcuts = () => document.documentElement.dataset.keys !== "off"
