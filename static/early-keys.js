import { areLettersShortcuts, isCommand, isComposing, isTyping } from "./input-events.js"

/**
 * Keeps key presses that may be shortcuts until the shortcuts are loaded, and then repeats them: they come with the first
 * input, which may be one of them.
 */
export class EarlyKeys {
  /** @type {KeyboardEvent[]} */
  #kept = []
  #listening = new AbortController()

  constructor() {
    const { signal } = this.#listening
    document.addEventListener("keydown", (event) => this.#keep(event), { signal })
  }

  /** Call it when the shortcuts work. */
  repeat() {
    this.#listening.abort()
    for (const event of this.#kept) event.target?.dispatchEvent(new KeyboardEvent("keydown", event))
  }

  /** Call it when they could not be loaded: what is repeated much later would surprise. */
  forget() {
    this.#kept = []
  }

  /** @param {KeyboardEvent} event */
  #keep(event) {
    if (event.defaultPrevented || isComposing(event)) return

    if (hasOwnMeaning(event)) event.preventDefault()
    // These mean something while typing, too, and the browser goes on with them.
    else if (isTyping(event) && !/^(ArrowUp|Escape|PageUp)$/.test(event.key)) return
    this.#kept.push(event)
  }
}

/**
 * Is it a shortcut by which the browser must not do something else?
 * @param {KeyboardEvent} event
 */
function hasOwnMeaning(event) {
  const isQuestion = event.key === "/" || event.key === "?"
  if (isCommand(event)) return isQuestion
  if (event.altKey) return /^Arrow(Up|Down)$/.test(event.key)
  return event.key === "F6" || (isQuestion && areLettersShortcuts() && !isTyping(event))
}
