import type { Random } from "../random.ts"
import type { Trace } from "../trace.ts"
import { compose } from "./compose.ts"
import { FormWay } from "./form.ts"
import { type Desk, Refused, type Way } from "./way.ts"

/** What became of something that was asked: nobody knows, or the server said that it is done. */
export type Asked = "no" | "asked" | "done"

/** A message as its sender knows it. */
export interface Sent {
  id: string
  content: string
  /** What it is to say later, if that is to change. */
  editedContent: string | null
  isToBeDeleted: boolean
  tries: number
  stored: Asked
  edited: Asked
  deleted: Asked
}

/** Messages that may be on their way at the same time. */
const maxPending = 48
/** A burst of up to so many messages comes this often. */
const maxBurst = 16
const tickMs = 50
/** Answers that say no to a connection or for now, not to the message. Source: `closeCodes` in src/web/reply.ts. */
const temporary = new Set([408, 410, 429])

/** Someone who writes, and sends again with the same id until the server confirms. */
export class Sender {
  readonly all: Sent[] = []
  /** Called once, when the next message is on its way. */
  onWritten: (() => void) | undefined
  readonly #forms: FormWay
  #pending = new Set<Sent>()
  #tasks = 0
  #recovery: Promise<void> | undefined
  #isOver = false
  #isPaused = false
  #burstSize = maxBurst
  /** Whoever vanished never sends again; the next one sits at the same desk. */
  #life = 0

  constructor(
    readonly desk: Desk,
    private readonly way: Way,
    private readonly random: Random,
    private readonly trace: Trace,
  ) {
    this.#forms = new FormWay(desk)
  }

  get name(): string {
    return this.desk.name
  }

  /** Messages that nobody has confirmed yet. */
  get pendingCount(): number {
    return this.#pending.size
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      await Bun.sleep(tickMs)
      const room = maxPending - this.#tasks
      if (this.#isPaused || room <= 0) continue

      const burst = Array.from({ length: Math.min(room, this.random.below(this.#burstSize)) }, () =>
        this.#compose(),
      )
      this.#burstSize = maxBurst
      for (const message of burst) this.#start(message)
    }
  }

  stop(): void {
    this.#isOver = true
    this.vanish()
  }

  /** Finishes what it has begun, and begins nothing; resolves to `false` when it cannot finish. */
  async pause(deadlineMs: number): Promise<boolean> {
    this.#isPaused = true
    while (this.#tasks > 0 && Date.now() < deadlineMs) await Bun.sleep(tickMs)
    return this.#tasks === 0
  }

  resume(): void {
    this.#isPaused = false
  }

  /** Goes for ever, without a word: what it had not been told of may or may not be stored. */
  vanish(): void {
    this.#life++
    this.#pending.clear()
    this.way.drop()
    this.#forms.drop()
  }

  /** Sends everything that waits for its answer once more, at once and both ways. */
  duplicate(): void {
    for (const message of this.#pending) {
      // The first try goes on: whether this one is answered does not matter.
      this.way.send(message, () => {}).catch(() => {})
      this.#forms.send(message, () => {}).catch(() => {})
    }
  }

  /** Sends everything that waits for its answer once more, in another order, and a big burst after it. */
  reorder(): void {
    for (const message of this.random.shuffle([...this.#pending])) {
      this.way.send(message, () => {}).catch(() => {})
    }
    this.#burstSize = maxPending
  }

  #compose(): Sent {
    const message: Sent = {
      id: this.random.uuid(),
      ...compose(`${this.name} #${this.all.length}`, this.random),
      tries: 0,
      stored: "no",
      edited: "no",
      deleted: "no",
    }
    this.all.push(message)
    return message
  }

  #start(message: Sent): void {
    const life = this.#life
    this.#tasks++
    this.#deliver(message, () => life === this.#life).finally(() => this.#tasks--)
  }

  async #deliver(message: Sent, isAlive: () => boolean): Promise<void> {
    const { id, editedContent, isToBeDeleted } = message
    this.#pending.add(message)
    const isStored = await this.#insist(message, "stored", isAlive, () =>
      this.way.send(message, () => this.#written()),
    )
    this.#pending.delete(message)
    if (isStored && editedContent !== null) {
      const edit = () => this.#forms.post(`/messages/${id}`, { content: editedContent })
      await this.#insist(message, "edited", isAlive, edit)
    }
    if (isStored && isToBeDeleted) {
      await this.#insist(message, "deleted", isAlive, () => this.#forms.post(`/messages/${id}/delete`, {}))
    }
  }

  /** Asks until the server says that it is done; resolves to whether it did. */
  async #insist(
    message: Sent,
    what: "stored" | "edited" | "deleted",
    isAlive: () => boolean,
    ask: () => Promise<void>,
  ): Promise<boolean> {
    while (isAlive()) {
      message[what] = "asked"
      message.tries++
      try {
        await ask()
        message[what] = "done"
        return true
      } catch (error) {
        if (error instanceof Refused && error.code < 500 && !temporary.has(error.code)) {
          const kind = what === "stored" ? "different" : "lost"
          this.trace.violate(kind, this.name, `To be ${what} was refused with ${error.code}`, message.id)
          return false
        }
      }
      this.#recovery ??= this.#recover(isAlive).finally(() => {
        this.#recovery = undefined
      })
      await this.#recovery
    }
    return false
  }

  /** One for all that wait: hundreds of tries a second at a closed door would only keep it closed. */
  async #recover(isAlive: () => boolean): Promise<void> {
    do await Bun.sleep(this.random.between(20, 150))
    while (isAlive() && !(await this.#forms.isAnswered()))
  }

  #written(): void {
    this.onWritten?.()
    this.onWritten = undefined
  }
}
