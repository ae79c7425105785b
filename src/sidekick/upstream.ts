import ION from "@covenant-rpc/ion"
import { type ChannelFault, type LogCallback, Refusal, type ServerCallback } from "../kernel/index.ts"
import type { Log } from "../observability/log.ts"
import { Listeners } from "./listeners.ts"
import { Allowed, Fault, type Listening, LogAnswer } from "./protocol.ts"
import { Rows } from "./rows.ts"

/** How long a server may take for an answer, in milliseconds. */
const answerMs = 5000
/** When it took longer, nothing is asked for so long: what waits would only wait longer. */
const restMs = 1000

const unreachable: ChannelFault = {
  fault: "sidekick",
  message: "The server cannot be reached right now. Try again.",
  code: 503,
  retryAfterSeconds: 1,
}
const busy: ChannelFault = {
  ...unreachable,
  message: "Too much is waiting to be sent. Try again in a moment.",
}
const broken: ChannelFault = { fault: "server", message: "Something went wrong", code: 500 }

interface Options {
  url: string
  secret: string
  /** With a server that cannot say who may listen: let everybody. */
  openResources: boolean
  log: Log
  answerMs?: number
}

interface Answer {
  ok: boolean
  text: string
  /** Why not, where it says so. */
  fault: ChannelFault | null
}

/** The server, as a sidekick of its own sees it. */
export class Upstream {
  readonly #rows = new Rows()
  readonly #listeners = new Listeners((listening) => this.#allowed(listening))
  #failure: string | null = null
  #restsUntil = 0
  #cannotSay = false

  constructor(private readonly options: Options) {}

  /** How many messages wait to be taken by the server. */
  get waiting(): number {
    return this.#rows.waiting
  }

  /** Why the server was not reached when that was last tried. */
  get failure(): string | null {
    return this.#failure
  }

  /** Hands over what a connection sent; of one connection in a row, so that nothing overtakes. */
  readonly forward: ServerCallback = async (channel, params, data, context, token) => {
    const sent = await this.#rows.run(token, () => this.#forward({ channel, params, data, context }))
    return sent ? sent.fault : busy
  }

  /** Asks about all that comes together at once. Fails with the fault `sidekick` when the server cannot be reached. */
  readonly mayListen = (asked: { resource: string; contexts: unknown[] }): Promise<boolean> =>
    this.#listeners.ask(asked)

  /** Fails with the fault `sidekick`, when the server cannot be reached or has no such log. */
  readonly readLog: LogCallback = async (channel, params, after) => {
    const answer = await this.#ask("log", { channel, params, after })
    const part = answer?.ok ? LogAnswer.safeParse(parse(answer.text)).data : undefined
    return part ?? notReached()
  }

  async #forward(message: object): Promise<{ fault: ChannelFault | null }> {
    const answer = await this.#ask("channel", message)
    if (!answer) return { fault: unreachable }
    if (answer.ok) return { fault: null }

    return { fault: answer.fault ?? broken }
  }

  async #allowed(listening: Listening): Promise<boolean[][]> {
    const answer = await this.#ask("listen", listening)
    if (!answer?.ok) return notReached()

    const said = Allowed.safeParse(parse(answer.text)).data
    if (said) return said.allowed
    const { log, openResources } = this.options
    if (!this.#cannotSay && !openResources) {
      log.warn("The server cannot say who may listen to what, so nobody may: SIDEKICK_OPEN_RESOURCES")
    }
    this.#cannotSay = true
    return listening.asked.map(({ resources }) => resources.map(() => openResources))
  }

  /** What the server answers; `null` when it does not, or will not have us. */
  async #ask(type: string, body: object): Promise<Answer | null> {
    if (performance.now() < this.#restsUntil) return null

    const url = new URL(this.options.url)
    url.searchParams.set("type", type)
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${this.options.secret}`, "content-type": "application/json" },
        body: ION.stringify(body as never),
        // The secret is for nobody else.
        redirect: "manual",
        signal: AbortSignal.timeout(this.options.answerMs ?? answerMs),
      })
      const text = await answer.text()
      const { ok, status } = answer
      const fault = ok ? null : (Fault.safeParse(parse(text)).data ?? null)
      const failure = ok ? null : failureOf(status, fault)
      this.#reached(failure)
      return failure ? null : { ok, text, fault }
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") {
        this.#restsUntil = performance.now() + restMs
      }
      this.#reached(error instanceof Error ? error.message : String(error))
      return null
    }
  }

  #reached(failure: string | null): void {
    const { log, url } = this.options
    if (failure && failure !== this.#failure) log.warn(`The server cannot be reached: ${failure}`, { url })
    if (!failure && this.#failure) log.info("The server is reached again", { url })
    this.#failure = failure
  }
}

/** Is it an answer of the server's at all? */
function failureOf(status: number, fault: ChannelFault | null): string | null {
  // With that code a message of somebody's may be refused too: then it is their fault.
  if (status === 401 && fault?.fault !== "client") return "it refuses the secret"

  return fault || status === 500 ? null : `it answers with ${status}`
}

function notReached(): never {
  throw new Refusal(unreachable.message, "sidekick")
}

function parse(text: string): unknown {
  try {
    return ION.parse(text)
  } catch {
    return undefined
  }
}
