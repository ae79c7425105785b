import { findAll } from "./elements.js"
import { emit } from "./events.js"
import { StoredValue } from "./storage.js"

/** The settings that are attributes of the root element. */
const settings = ["theme", "density", "motion", "sounds", "zone", "clock", "keys"]

const root = document.documentElement

/**
 * Stops the animated pictures of viewers who chose reduced motion. If their system says so, browsers do it alone.
 * @param {ParentNode} within
 */
export function stopAnimations(within) {
  if (root.dataset.motion !== "reduced") return

  for (const source of findAll(within, "picture > source[media]")) source.setAttribute("media", "all")
}

/**
 * Keeps the appearance of open pages up to date: the page where settings are saved stores them, and pages in other tabs
 * and in the back/forward cache apply them.
 */
export class Appearance {
  /** @type {StoredValue<DOMStringMap | null>} */
  #saved = new StoredValue(`look:${root.dataset.viewer}`, null)

  constructor() {
    if (document.getElementById("settings")) this.#saved.value = { ...root.dataset }
    addEventListener("storage", ({ key }) => key === this.#saved.key && this.#apply())
    addEventListener("pageshow", ({ persisted }) => persisted && this.#apply())
  }

  #apply() {
    this.#saved.reload()
    const saved = this.#saved.value
    if (!saved) return

    for (const name of settings) {
      if (saved[name] === undefined) delete root.dataset[name]
      else root.dataset[name] = saved[name]
    }
    emit("appearance:changed")
  }
}
