import { emit } from "./events.js"

/** How long the end must be visible to count as read. */
const readMs = 1000

/** Emits `log:read` when the end of the log was visible for a while, also while messages keep arriving. */
export class ReadTimer {
  #isReading
  #position
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {{ isReading: () => boolean, position: () => number }} log whether its end is visible, and where that is */
  constructor({ isReading, position }) {
    this.#isReading = isReading
    this.#position = position
  }

  /** Call it when the visible part or the visibility of the page may have changed. */
  update() {
    if (!this.#isReading()) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    } else if (!this.#timer) {
      const position = this.#position()
      this.#timer = setTimeout(() => this.#read(position), readMs)
    }
  }

  /** Nothing is reported any more. */
  stop() {
    clearTimeout(this.#timer)
    this.#isReading = () => false
  }

  /** @param {number} position */
  #read(position) {
    this.#timer = undefined
    emit("log:read", { position })
    if (this.#position() > position) this.update()
  }
}
