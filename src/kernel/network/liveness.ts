/** After this long without a frame the connection is checked, in milliseconds. */
const defaultPingAfterMs = 25_000
/** After this long without an answer the connection is lost, whatever the network says, in milliseconds. */
const defaultAnswerTimeoutMs = 10_000

/** When a silent connection is checked, and when it counts as lost. */
export interface LivenessTimes {
  /** Milliseconds without a frame after which the connection is checked. Default 25,000. */
  pingAfterMs?: number
  /** Milliseconds without an answer after which the connection is lost. Default 10,000. */
  answerTimeoutMs?: number
}

interface LivenessHooks {
  /** Sends something that will be answered. */
  ping(): void
  onDead(): void
}

/** Detects a connection whose other side is gone: a network may take minutes to notice. */
export class Liveness {
  readonly #times: LivenessTimes
  readonly #hooks: LivenessHooks
  #timer: ReturnType<typeof setTimeout> | undefined
  #isAwaitingAnswer = false

  constructor(times: LivenessTimes, hooks: LivenessHooks) {
    this.#times = times
    this.#hooks = hooks
  }

  /** Something was sent: an answer is expected, unless one is awaited already. */
  sent(): void {
    if (!this.#isAwaitingAnswer) this.awaitAnswer()
  }

  /** Expects an answer from now on. */
  awaitAnswer(): void {
    const { answerTimeoutMs = defaultAnswerTimeoutMs } = this.#times
    this.#isAwaitingAnswer = true
    this.#restart(() => this.#hooks.onDead(), answerTimeoutMs)
  }

  /** Something was received: nothing is awaited for now. */
  received(): void {
    const { pingAfterMs = defaultPingAfterMs } = this.#times
    this.#isAwaitingAnswer = false
    this.#restart(() => this.#hooks.ping(), pingAfterMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #restart(action: () => void, ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(action, ms)
  }
}
