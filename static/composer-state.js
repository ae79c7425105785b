import { byId, find, findAll } from "./elements.js"
import { refreshSidebar } from "./sidebar.js"

/**
 * Closes the composer while nothing can be written, as `#composer-state` says, which live updates replace. What was written
 * stays in it. Where the reason ends by itself, it counts down, and then asks again.
 */
export class ComposerGate {
  #state = byId("composer-state")
  #form = byId("composer", HTMLFormElement)
  #text = byId("composer-content", HTMLTextAreaElement)
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #counting

  /** @param {AbortSignal} signal */
  constructor(signal) {
    signal.addEventListener("abort", () => clearInterval(this.#counting))
    // Not below: the countdown changes there each second.
    new MutationObserver(() => this.#apply()).observe(this.#state, { childList: true })
    this.#apply()
  }

  #apply() {
    const isClosed = find(this.#state, "#composer-closed") !== null
    this.#text.readOnly = isClosed
    for (const control of findAll(this.#form, "button.send, #composer-files")) {
      control.toggleAttribute("disabled", isClosed)
    }
    clearInterval(this.#counting)
    const countdown = find(this.#state, ".countdown")
    if (!countdown) return

    this.#counting = setInterval(() => this.#countDown(countdown), 1000)
    this.#countDown(countdown)
  }

  /** @param {HTMLElement} countdown */
  #countDown(countdown) {
    const seconds = Math.ceil((Date.parse(countdown.dataset.until ?? "") - Date.now()) / 1000)
    countdown.textContent = seconds > 0 ? `(${inClock(seconds)} left)` : ""
    if (seconds > 0) return

    clearInterval(this.#counting)
    refreshSidebar()
  }
}

/**
 * "59", "4:05", "27:00:00".
 * @param {number} seconds
 */
function inClock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const first = parts.findIndex((part) => part > 0)
  return parts
    .slice(first)
    .map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, "0")))
    .join(":")
}
