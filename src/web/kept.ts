/**
 * How much is left of a limit where the oldest give way: more than one of them at once, since a map goes past all that
 * were deleted before it comes to its oldest (9 µs for one of 20,000).
 */
export const leftOf = (max: number) => max * 0.9

interface Limits<T> {
  /** How much is kept, in whatever `sizeOf` tells. */
  max: number
  sizeOf(value: T): number
}

/**
 * What was made, kept by what it is made from: as long as that is the same it need not be made again. Of too much the
 * oldest goes first.
 */
export class Kept<T> {
  readonly #kept = new Map<string, { from: string; value: T }>()
  #size = 0

  constructor(private readonly limits: Limits<T>) {}

  /** What is kept under that key. `from` must tell apart all that it can have been made from. */
  find(key: string, from: string): T | undefined {
    const kept = this.#kept.get(key)
    return kept?.from === from ? kept.value : undefined
  }

  /** Keeps it in the place of what was there; returns it. */
  keep(key: string, from: string, value: T): T {
    this.#delete(key)
    this.#kept.set(key, { from, value })
    this.#size += this.limits.sizeOf(value)
    if (this.#size > this.limits.max) this.#makeRoom()
    return value
  }

  /** What is kept, or made now. */
  of(key: string, from: string, make: () => T): T {
    return this.find(key, from) ?? this.keep(key, from, make())
  }

  #makeRoom(): void {
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= leftOf(this.limits.max)) break
      this.#delete(oldest)
    }
  }

  #delete(key: string): void {
    const kept = this.#kept.get(key)
    if (!kept) return

    this.#kept.delete(key)
    this.#size -= this.limits.sizeOf(kept.value)
  }
}
