/** A place among those who want the same at the same time, such as an author's messages to a channel. */
export interface Turn {
  /** Resolves when those before it are done, such as handed over or refused; `undefined` when there are none. */
  before: Promise<void> | undefined
  /** Lets the next one go. */
  end(): void
}

/**
 * Lets those with the same key go one after another. So an author's messages to a channel stay in the order in which they
 * came, however long it takes to check each: what is read for one may be cached for the next.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Call `end` in any case, or those behind wait forever. */
  take(key: string): Turn {
    const before = this.#last.get(key)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last.set(key, promise)
    const end = () => {
      // Not before the others: a message that is refused at once must not let the next one overtake them.
      resolve(before)
      if (this.#last.get(key) === promise) this.#last.delete(key)
    }
    return { before, end }
  }
}
