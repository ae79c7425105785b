import { byId, create } from "./elements.js"

/** Shorter interruptions are not shown. */
const delayMs = 3000

/** @typedef {{ text: string, href: string, label: string, canReturn: boolean }} ConnectionEnding */

/** Says above the log that the connection is lost, when the next attempt is, and why it ended for good. */
export class ConnectionBanner {
  #element = byId("connection")
  #reconnect
  #retryAt = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {() => void} reconnect
   * @param {AbortSignal} signal
   */
  constructor(reconnect, signal) {
    this.#reconnect = reconnect
    const counting = setInterval(() => this.#element.dataset.state === "offline" && this.#show(), 1000)
    signal.addEventListener("abort", () => {
      this.#stop()
      clearInterval(counting)
    })
  }

  showLive() {
    this.#stop()
    this.#element.dataset.state = "live"
    this.#element.replaceChildren()
  }

  /**
   * Shows the interruption if it lasts.
   * @param {number} retryAt when the next attempt is
   */
  showLost(retryAt) {
    this.#retryAt = retryAt
    this.#timer ??= setTimeout(() => this.#show(), delayMs)
  }

  /** @param {ConnectionEnding} ending */
  showEnded({ text, href, label }) {
    this.#stop()
    this.#element.dataset.state = "ended"
    const link = create("a", { textContent: label, href })
    this.#element.replaceChildren(create("span", { textContent: text }), link)
  }

  #stop() {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #show() {
    if (this.#element.dataset.state !== "offline") {
      this.#element.dataset.state = "offline"
      const text = "Connection lost. Messages you send are saved, and delivered later."
      // Screen readers would read the countdown every second.
      const wait = create("span", { id: "connection-wait", ariaHidden: "true" })
      const button = create("button", { textContent: "Try now", type: "button", onclick: this.#reconnect })
      this.#element.replaceChildren(create("span", { textContent: text }), wait, button)
    }
    const seconds = Math.max(1, Math.ceil((this.#retryAt - Date.now()) / 1000))
    byId("connection-wait").textContent = `Next attempt in ${seconds} s.`
  }
}
