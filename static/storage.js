import { emit } from "./events.js"

/**
 * A value in `localStorage`. If storage is forbidden or full, the value lasts as long as the page.
 * @template T
 */
export class StoredValue {
  #fallback
  /** @type {T} */
  #value
  /** Whether the storage took the last value. */
  #isStored = true

  /**
   * @param {string} key
   * @param {T} fallback the value if nothing is stored
   */
  constructor(key, fallback) {
    this.key = key
    this.#fallback = fallback
    this.#value = this.#read()
  }

  get value() {
    return this.#value
  }

  /** Empty texts, empty lists and `null` are removed from storage. */
  set value(next) {
    this.#value = next
    const isEmpty = next === null || next === "" || (Array.isArray(next) && next.length === 0)
    try {
      if (isEmpty) localStorage.removeItem(this.key)
      else localStorage.setItem(this.key, JSON.stringify(next))
      this.#isStored = true
    } catch {
      // Full or forbidden: the page still has the value.
      this.#isStored = false
    }
    emit("stored:changed", { key: this.key })
  }

  /** Reads it again: another tab may have changed it. */
  reload() {
    if (this.#isStored) this.#value = this.#read()
  }

  /** @returns {T} */
  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null") ?? this.#fallback
    } catch {
      return this.#fallback
    }
  }
}

/**
 * The keys of stored values that begin like this; none if storage is forbidden.
 * @param {string} prefix
 */
export function storedKeys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  } catch {
    return []
  }
}
