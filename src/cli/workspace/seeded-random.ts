/**
 * Random values that are the same in every run, from a seed. Not for secrets.
 * Source: mulberry32, github.com/bryc/code, "PRNGs".
 */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** A number from 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** `true` with this probability, from 0 to 1. */
  happens(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number, both bounds included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  /** An element of a list. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** An element of a list, the first ones more often. */
  pickEarly<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() ** 3 * list.length)] as T
  }

  /** A string in the form of a UUID. */
  id(): string {
    const hex = () =>
      Math.floor(this.next() * 0x100000000)
        .toString(16)
        .padStart(8, "0")
    const digits = hex() + hex() + hex() + hex()
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
  }
}
