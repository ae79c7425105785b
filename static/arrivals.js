/** @import { OpenRoom } from "./room.js" */

/** Where the browser shows no frame for so long, what arrived is applied without one. */
const maxWaitMs = 250
/** After a frame with insertions the page is free for so many times as long, for keys and clicks. */
const restFactor = 2
const maxRestMs = 150

/**
 * Applies what arrives on the live connection in the order in which it arrived, once for each frame that the browser shows:
 * of many messages that arrive between two frames, each alone would lay out the log again. On a slow device, a frame with
 * insertions takes so long that it gathers for longer: the page would be busy all the time.
 */
export class Arrivals {
  #room
  #onFrame
  #onShown
  /** @type {string[]} */
  #waiting = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #restTimer
  #frame = 0
  /** Until when the page is free for other things, by `performance.now()`. */
  #restsUntil = 0
  /** Was anything typed since the last frame that was requested here? */
  #hasInput = false

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
    const noteInput = () => {
      this.#hasInput = true
    }
    document.addEventListener("input", noteInput, { signal: room.signal })
  }

  /** @param {string} data */
  add(data) {
    this.#waiting.push(data)
    if (document.hidden) return this.show()
    if (this.#timer) return

    this.#timer = setTimeout(() => this.#showAndRest(), maxWaitMs)
    this.#requestFrame()
  }

  #requestFrame() {
    const inFrame = () => {
      // What somebody types is painted first.
      const isFree = !this.#hasInput && performance.now() >= this.#restsUntil
      this.#hasInput = false
      if (isFree) this.#showAndRest()
      else this.#requestFrame()
    }
    const request = () => {
      this.#frame = requestAnimationFrame(inFrame)
    }
    this.#restTimer = setTimeout(request, this.#restsUntil - performance.now())
  }

  #showAndRest() {
    const startedAt = performance.now()
    this.show()
    // In the task after a frame it is painted.
    setTimeout(() => {
      const now = performance.now()
      this.#restsUntil = now + Math.min(maxRestMs, restFactor * (now - startedAt))
    })
  }

  /** Applies what waits now. No swap takes a turn of the event loop (`htmxConfig`), so nothing overtakes what came before it. */
  async show() {
    clearTimeout(this.#timer)
    clearTimeout(this.#restTimer)
    cancelAnimationFrame(this.#frame)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    let messages = ""
    /** @type {string[]} */
    let news = []
    const apply = async () => {
      await this.#swap(messages)
      for (const json of news) this.#onFrame(json)
      messages = ""
      news = []
    }
    for (const data of waiting) {
      if (isOnlyMessages(data)) messages += data
      else if (isNews(data)) news.push(data)
      else {
        await apply()
        if (isFrame(data)) this.#onFrame(data)
        else await this.#swap(data)
      }
    }
    await apply()
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
 * Counts of unread messages, which do not depend on the log: they do not part messages that can be inserted together.
 * @param {string} data
 */
const isNews = (data) => data.startsWith('{"type":"news"')

/**
 * New messages need no other element, so those that follow each other can be inserted together. Replacements look for
 * their message before anything is inserted.
 * @param {string} data
 */
const isOnlyMessages = (data) => data.startsWith("<hx-upsert") && !data.includes("<hx-partial")
