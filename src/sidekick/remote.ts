import ION from "@covenant-rpc/ion"
import type { ConnectionSelector, EvictReason, Grant, ServerToSidekickConnection } from "../kernel/index.ts"
import type { Log } from "../observability/log.ts"
import { type Letter, Outbox } from "./outbox.ts"
import { signOfLifeMs } from "./protocol.ts"

/** How long a sidekick may take for an answer, in milliseconds. The reference's takes 3,000 to refuse a secret. */
const answerMs = 5000

interface Options {
  url: string
  secret: string
  log: Log
}

/** A sidekick of its own, as a server sees it. Nothing but `addConnection` waits for it. */
export class RemoteSidekick implements ServerToSidekickConnection {
  readonly #outbox: Outbox
  readonly #from = crypto.randomUUID()
  readonly #alive: ReturnType<typeof setInterval>
  /** It has told us that it knows no batches: it is the reference's, or speaks as it does. */
  #isReference = false

  constructor(private readonly options: Options) {
    const { log, url } = options
    this.#outbox = new Outbox({
      send: (letters, number) => this.#send(letters, number),
      onDown: (failure) => log.warn(`The sidekick cannot be reached: ${failure.message}`, { url }),
      onUp: (lost) => log.info("The sidekick is reached again", { url, lost }),
      onOverflow: (lost) =>
        log.warn("The sidekick is too slow, its clients have to come back", { url, lost }),
    })
    // The first one tells it that the server is new.
    this.#outbox.touch()
    this.#alive = setInterval(() => this.#outbox.touch(), signOfLifeMs)
    this.#alive.unref()
  }

  /** Whether it was reached when that was last tried, and how many announcements it was never told. */
  stats(): { isUp: boolean; lost: number } {
    return { isUp: this.#outbox.isUp, lost: this.#outbox.lost }
  }

  /** Resolves with `null` once the sidekick has it: whoever gets the token comes there at once. */
  addConnection(grant: Grant): Promise<Error | null> {
    return new Promise((settle) => this.#outbox.add({ path: "/connection", body: encode(grant), settle }))
  }

  /** A hint: what does not arrive is made good by a reconnect, so nobody waits and nothing fails. */
  async postMessage(message: { channel: string; params: unknown; data: unknown }): Promise<null> {
    this.#outbox.add({ path: "/message", body: encode(message) })
    return null
  }

  async update(resources: string[]): Promise<null> {
    this.#outbox.add({ path: "/resources", body: encode({ resources }) })
    return null
  }

  /** Takes effect there before anything that is announced from now on. */
  evict(which: ConnectionSelector, reason: EvictReason): void {
    this.#outbox.add({ path: "/evict", body: encode({ which, reason }) })
  }

  /** Resolves once the sidekick has all that it was to be told so far: `false` when it cannot be reached. */
  async told(): Promise<boolean> {
    return (await this.#outbox.arrived()) === null
  }

  /**
   * Says what is left to say, and that it was all: the sidekick then keeps its clients until a server is back. When it
   * does not hear that it sends them away instead, so nothing fails.
   */
  async close(): Promise<void> {
    clearInterval(this.#alive)
    const number = await this.#outbox.close()
    if (number === null || this.#isReference) return
    await this.#post("/batch", this.#batch([], number, true)).catch(() => {})
  }

  async #send(letters: Letter[], number: number): Promise<Error | null> {
    try {
      // A reference sidekick may have been replaced by ours: each sign of life asks again.
      if (!this.#isReference || letters.length === 0) {
        const answer = await this.#post("/batch", this.#batch(letters, number, false))
        this.#isReference = answer.status === 404
        if (!this.#isReference) return failureOf(answer)
      }
      return await this.#sendEach(letters)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** As the reference does. It cannot be told of evictions. */
  async #sendEach(letters: Letter[]): Promise<Error | null> {
    for (const { path, body } of letters) {
      if (path === "/evict") continue
      const failure = failureOf(await this.#post(path, body))
      if (failure) return failure
    }
    return null
  }

  #batch(letters: Letter[], number: number, last: boolean): string {
    const posts = letters.map(({ path, body }) => `{"path":"${path}","body":${body}}`)
    return `{"from":"${this.#from}","number":${number},"last":${last},"posts":[${posts.join(",")}]}`
  }

  async #post(path: string, body: string): Promise<Response> {
    const { url, secret } = this.options
    const answer = await fetch(url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body,
      // The secret is for nobody else.
      redirect: "manual",
      signal: AbortSignal.timeout(answerMs),
    })
    await answer.arrayBuffer()
    return answer
  }
}

function encode(value: object): string {
  return ION.stringify(value as never)
}

function failureOf({ ok, status }: Response): Error | null {
  if (ok) return null
  if (status === 401)
    return new Error("It refuses the secret: SIDEKICK_SECRET must be the same on both sides")

  return new Error(`It answers with ${status}`)
}
