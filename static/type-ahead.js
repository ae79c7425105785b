import { StoredValue } from "./storage.js"

/**
 * Keeps what is typed while another room opens, for its composer. Where that takes a moment, a message for the next room would
 * be written in the one before, and sent there. Enter sends nothing meanwhile: it begins a new line.
 */
export class TypeAhead {
  #text = ""
  /** @type {AbortController | undefined} */
  #until

  /** Call it when a room begins to open. */
  start() {
    if (this.#until) return

    this.#until = new AbortController()
    // Before the composer and shortcuts see it.
    const options = { capture: true, signal: this.#until.signal }
    document.addEventListener("keydown", (event) => this.#keep(event), options)
  }

  /** Call it when the room does not open. */
  cancel() {
    this.#until?.abort()
    this.#until = undefined
    this.#text = ""
  }

  /**
   * Call it when the browser opens the room as another page: what was typed is a draft there.
   * @param {string} key of the draft
   */
  leave(key) {
    const typed = this.#take()
    if (!typed) return

    const draft = new StoredValue(key, "")
    draft.value += typed
  }

  /** Call it when the room is there: writes what was typed in its composer. */
  end() {
    const [typed, composer] = [this.#take(), document.getElementById("composer-content")]
    if (!typed || !(composer instanceof HTMLTextAreaElement)) return

    composer.setRangeText(typed, composer.value.length, composer.value.length, "end")
    composer.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #take() {
    const typed = this.#text.replace(/\n+$/, "")
    this.cancel()
    return typed
  }

  /** @param {KeyboardEvent} event */
  #keep(event) {
    const { key, target } = event
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(target)) return

    const isWriting = this.#text !== "" || isComposer(target)
    // The first key may press what has the focus, or be a shortcut: see `typing-focus.js`.
    const isText = key.length === 1 && (isWriting || !/[ /?]/.test(key))
    if (!isText && !(isWriting && /^(Enter|Backspace)$/.test(key))) return

    event.preventDefault()
    event.stopPropagation()
    if (isText) this.#text += key
    else if (key === "Enter") this.#text += "\n"
    else this.#text = this.#text.slice(0, -1)
  }
}

/** @param {EventTarget | null} target */
function isComposer(target) {
  return target instanceof Element && target.id === "composer-content"
}

/**
 * Is something written beside the room?
 * @param {EventTarget | null} target
 */
function isElsewhere(target) {
  const field = target instanceof Element ? target.closest("input, textarea, select, dialog") : null
  return field !== null && !isComposer(field)
}
