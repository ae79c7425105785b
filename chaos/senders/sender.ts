import type { FaultyProxy } from "../proxy.ts"
import type { Random } from "../random.ts"
import type { Trace } from "../trace.ts"
import { composeMessage } from "./compose.ts"
import { FormTransport } from "./form.ts"
import { RefusedError, type SenderClient, type SendTransport } from "./transport.ts"

/** After "requested" the outcome is unknown until the server confirms it. */
export type RequestState = "none" | "requested" | "confirmed"

/** A message and its state as its sender knows it. */
export interface SentMessage {
  id: string
  content: string
  /** Content of the planned edit; `null` without one. */
  editedContent: string | null
  willBeDeleted: boolean
  attempts: number
  stored: RequestState
  edited: RequestState
  deleted: RequestState
}

type ChangeKind = "stored" | "edited" | "deleted"

/** Messages that may be in flight at the same time. */
const maxPending = 48
const maxBurst = 16
const burstIntervalMs = 50
/** Refusals of the connection or of this moment, not of the message. Source: `closeCodes` in src/web/reply.ts. */
const temporaryRefusals = new Set([408, 410, 429])

interface SenderOptions {
  client: SenderClient
  transport: SendTransport
  random: Random
  trace: Trace
}

/** Sends messages and repeats each one, with the same id, until the server confirms it. */
export class Sender {
  readonly all: SentMessage[] = []
  /** Called once, when the next message was written to a connection. */
  onSent: (() => void) | undefined
  readonly client: SenderClient
  readonly #transport: SendTransport
  readonly #random: Random
  readonly #trace: Trace
  readonly #forms: FormTransport
  readonly #pending = new Set<SentMessage>()
  #tasks = 0
  #recovery: Promise<void> | undefined
  #isStopped = false
  #isPaused = false
  #burstSize = maxBurst
  /** A vanished sender retries nothing: its successor starts with the next generation. */
  #generation = 0

  constructor({ client, transport, random, trace }: SenderOptions) {
    this.client = client
    this.#transport = transport
    this.#random = random
    this.#trace = trace
    this.#forms = new FormTransport(client)
  }

  get name(): string {
    return this.client.name
  }

  get proxy(): FaultyProxy {
    return this.client.proxy
  }

  /** Number of unconfirmed messages. */
  get pendingCount(): number {
    return this.#pending.size
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      await Bun.sleep(burstIntervalMs)
      const capacity = maxPending - this.#tasks
      if (this.#isPaused || capacity <= 0) continue

      const burst = Array.from({ length: Math.min(capacity, this.#random.below(this.#burstSize)) }, () =>
        this.#compose(),
      )
      this.#burstSize = maxBurst
      for (const message of burst) this.#start(message)
    }
  }

  stop(): void {
    this.#isStopped = true
    this.vanish()
  }

  /** Starts no new messages; resolves to whether all started ones were finished before the deadline. */
  async pause(deadlineMs: number): Promise<boolean> {
    this.#isPaused = true
    while (this.#tasks > 0 && Date.now() < deadlineMs) await Bun.sleep(burstIntervalMs)
    return this.#tasks === 0
  }

  resume(): void {
    this.#isPaused = false
  }

  /** Gives up all unconfirmed messages without closing connections: they may or may not be stored. */
  vanish(): void {
    this.#generation++
    this.#pending.clear()
    this.#transport.drop()
    this.#forms.drop()
  }

  /** Sends every unconfirmed message again at once, by its transport and by a form. */
  duplicate(): void {
    for (const message of this.#pending) {
      // The first attempt continues, so the outcome of this one does not matter.
      this.#transport.send(message, () => {}).catch(() => {})
      this.#forms.send(message, () => {}).catch(() => {})
    }
  }

  /** Sends every unconfirmed message again in another order, and a big burst afterwards. */
  reorder(): void {
    for (const message of this.#random.shuffle([...this.#pending])) {
      this.#transport.send(message, () => {}).catch(() => {})
    }
    this.#burstSize = maxPending
  }

  #compose(): SentMessage {
    const message: SentMessage = {
      id: this.#random.uuid(),
      ...composeMessage(`${this.name} #${this.all.length}`, this.#random),
      attempts: 0,
      stored: "none",
      edited: "none",
      deleted: "none",
    }
    this.all.push(message)
    return message
  }

  #start(message: SentMessage): void {
    const generation = this.#generation
    this.#tasks++
    this.#deliver(message, () => generation === this.#generation).finally(() => this.#tasks--)
  }

  async #deliver(message: SentMessage, isAlive: () => boolean): Promise<void> {
    const { id, editedContent, willBeDeleted } = message
    const confirm = (kind: ChangeKind, request: () => Promise<void>) =>
      this.#repeatUntilConfirmed(message, { kind, request, isAlive })
    this.#pending.add(message)
    const isStored = await confirm("stored", () => this.#transport.send(message, () => this.#sent()))
    this.#pending.delete(message)
    if (!isStored) return

    if (editedContent !== null) {
      await confirm("edited", () => this.#forms.post(`/messages/${id}`, { content: editedContent }))
    }
    if (willBeDeleted) await confirm("deleted", () => this.#forms.post(`/messages/${id}/delete`, {}))
  }

  /** Resolves to whether the server confirmed it; `false` after a refusal or once the sender vanished. */
  async #repeatUntilConfirmed(
    message: SentMessage,
    change: { kind: ChangeKind; request: () => Promise<void>; isAlive: () => boolean },
  ): Promise<boolean> {
    const { kind, request, isAlive } = change
    while (isAlive()) {
      message[kind] = "requested"
      message.attempts++
      try {
        await request()
        message[kind] = "confirmed"
        return true
      } catch (error) {
        if (error instanceof RefusedError && error.code < 500 && !temporaryRefusals.has(error.code)) {
          this.#trace.violation({
            kind: kind === "stored" ? "different" : "lost",
            who: this.name,
            what: `The request to be ${kind} was refused with ${error.code}`,
            messageId: message.id,
          })
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

  /** All messages of a sender wait for one shared recovery, so that retries do not flood a starting server. */
  async #recover(isAlive: () => boolean): Promise<void> {
    do await Bun.sleep(this.#random.between(20, 150))
    while (isAlive() && !(await this.#forms.isServerReachable()))
  }

  #sent(): void {
    this.onSent?.()
    this.onSent = undefined
  }
}
