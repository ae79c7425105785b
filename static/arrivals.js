/** @import { OpenRoom } from "./room.js" */

/** Where the browser shows no frame for so long, what arrived is applied without one. */
const maxWaitMs = 250

/**
 * Applies what arrives on the live connection in the order in which it arrived, once for each frame that the browser shows:
 * of many messages that arrive between two frames, each alone would lay out the log again.
 */
export class Arrivals {
  #room
  #onFrame
  #onShown
  /** @type {string[]} */
  #waiting = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {OpenRoom} room
   * @param {object} handlers
   * @param {(json: string) => void} handlers.onFrame a frame that is JSON
   * @param {(html: string) => void} handlers.onShown fragments that htmx has swapped in
   */
  constructor(room, { onFrame, onShown }) {
    this.#room = room
    this.#onFrame = onFrame
    this.#onShown = onShown
    // Hidden pages show no frames.
    document.addEventListener("visibilitychange", () => this.show(), { signal: room.signal })
  }

  /** @param {string} data */
  add(data) {
    this.#waiting.push(data)
    if (document.hidden) return this.show()
    if (this.#timer) return

    requestAnimationFrame(() => this.show())
    this.#timer = setTimeout(() => this.show(), maxWaitMs)
  }

  /** Applies what waits now. No swap takes a turn of the event loop (`htmxConfig`), so nothing overtakes what came before it. */
  async show() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    let messages = ""
    for (const data of waiting) {
      if (isOnlyMessages(data)) {
        messages += data
        continue
      }
      await this.#swap(messages)
      messages = ""
      if (isFrame(data)) this.#onFrame(data)
      else await this.#swap(data)
    }
    await this.#swap(messages)
  }

  /** Forgets fragments that wait: the page shows a later state. */
  dropFragments() {
    this.#waiting = this.#waiting.filter(isFrame)
  }

  /** @param {string} text */
  async #swap(text) {
    if (!text || this.#room.signal.aborted) return

    await htmx.swap({ sourceElement: this.#room.element, target: "#room", swap: "none", text })
    this.#onShown(text)
  }
}

/** @param {string} data */
const isFrame = (data) => data[0] === "{"

/**
 * New messages need no other element, so those that follow each other can be inserted together. Replacements look for
 * their message before anything is inserted.
 * @param {string} data
 */
const isOnlyMessages = (data) => data.startsWith("<hx-upsert") && !data.includes("<hx-partial")
