import { byId } from "./elements.js"
import { isCommand, isTyping } from "./input-events.js"

/**
 * Lets people type and paste a message without a click on the composer, as long as nothing has the focus by keyboard. So letters
 * never act on a message that was only clicked.
 */
export class TypingFocus {
  /** Recorded with the focus: in some browsers `:focus-visible` matches from the next key press on. */
  #isByKeyboard = false

  /** Call it before other listeners to keys, which see then where the focus is. */
  constructor() {
    document.addEventListener("focusin", ({ target }) => {
      this.#isByKeyboard = target instanceof Element && target.matches(":focus-visible")
    })
    document.addEventListener("pointerdown", () => {
      this.#isByKeyboard = false
    })
    document.addEventListener("keydown", (event) => this.#follow(event))
  }

  /** @param {KeyboardEvent} event */
  #follow(event) {
    if (!isText(event) || (this.#isByKeyboard && document.activeElement !== document.body)) return

    // The browser writes where the focus is now. Beside a modal dialog, it stays where it was.
    byId("composer-content").focus()
  }
}

/**
 * Does a key press write or paste text? Space presses buttons, and the other two are shortcuts.
 * @param {KeyboardEvent} event
 */
function isText(event) {
  const { key, altKey, ctrlKey, metaKey } = event
  if (isTyping(event)) return false
  if (isCommand(event)) return key === "v"
  return !altKey && !ctrlKey && !metaKey && key.length === 1 && !/[ /?]/.test(key)
}
