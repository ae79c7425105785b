/** The current turn of the event loop. */
export class LoopTurn {
  #end: Promise<void> | null = null

  /**
   * Resolves when everything that came in this turn was taken. All who wait go on in step, so what each of them reads is
   * one statement (`gathered`).
   */
  end(): Promise<void> {
    this.#end ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#end = null
        resolve()
      })
    })
    return this.#end
  }
}
