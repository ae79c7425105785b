import ION from "@covenant-rpc/ion"
import { type ChannelFault, type LogCallback, Refusal, type ServerCallback } from "../kernel/index.ts"
import type { Logger } from "../observability/log.ts"
import { ListenChecks } from "./listen-checks.ts"
import { PerConnectionQueues } from "./per-connection-queues.ts"
import { ListenAnswer, type ListenQuestion, LogAnswer, RefusedMessage } from "./protocol.ts"

/** Timeout of a request to the server, in milliseconds. */
const defaultTimeoutMs = 5000
/** After a timeout requests fail at once for this long: queued ones would each wait for the timeout again. */
const cooldownMs = 1000

const unreachable: ChannelFault = {
  fault: "sidekick",
  message: "The server cannot be reached right now. Try again.",
  code: 503,
  retryAfterSeconds: 1,
}
const busy: ChannelFault = {
  ...unreachable,
  message: "Too many messages are waiting to be sent. Try again in a moment.",
}
const serverError: ChannelFault = { fault: "server", message: "Something went wrong", code: 500 }

interface UpstreamOptions {
  url: string
  secret: string
  /** Let every client listen to every resource when the server does not answer `listen` questions. */
  openResources: boolean
  log: Logger
  timeoutMs?: number
}

interface UpstreamResponse {
  ok: boolean
  text: string
  /** The refusal in the body, if there is one. */
  fault: ChannelFault | null
}

/** A standalone sidekick's connection to its server. */
export class Upstream {
  readonly #options: UpstreamOptions
  readonly #queues = new PerConnectionQueues()
  readonly #checks = new ListenChecks((question) => this.#askWhoMayListen(question))
  #failure: string | null = null
  #cooldownUntil = 0
  #hasWarned = false

  constructor(options: UpstreamOptions) {
    this.#options = options
  }

  /** Messages that wait for the server. */
  get waiting(): number {
    return this.#queues.waiting
  }

  /** Why the last request failed; `null` when it succeeded. */
  get failure(): string | null {
    return this.#failure
  }

  /** Forwards a client's message. Messages of one connection go one after another, so their order is kept. */
  readonly forward: ServerCallback = async (channel, params, data, context, token) => {
    const result = await this.#queues.run(token, () => this.#forward({ channel, params, data, context }))
    return result ? result.fault : busy
  }

  /** Asks the server whether a client may listen. Rejects with the fault `sidekick` when it cannot be reached. */
  readonly mayListen = (asked: { resource: string; contexts: unknown[] }): Promise<boolean> =>
    this.#checks.check(asked)

  /** Reads a log at the server. Rejects with the fault `sidekick` when it cannot be reached or has no such log. */
  readonly readLog: LogCallback = async (channel, params, after) => {
    const response = await this.#request("log", { channel, params, after })
    const part = response?.ok ? LogAnswer.safeParse(parseIon(response.text)).data : undefined
    return part ?? refuseUnreachable()
  }

  async #forward(message: object): Promise<{ fault: ChannelFault | null }> {
    const response = await this.#request("channel", message)
    if (!response) return { fault: unreachable }
    if (response.ok) return { fault: null }

    return { fault: response.fault ?? serverError }
  }

  async #askWhoMayListen(question: ListenQuestion): Promise<boolean[][]> {
    const response = await this.#request("listen", question)
    if (!response?.ok) return refuseUnreachable()

    const answer = ListenAnswer.safeParse(parseIon(response.text)).data
    if (answer) return answer.allowed
    // The reference server does not know the question and answers 200 with an empty body.
    const { log, openResources } = this.#options
    if (!this.#hasWarned && !openResources) {
      log.warn("The server does not answer who may listen, so nobody may. See SIDEKICK_OPEN_RESOURCES")
    }
    this.#hasWarned = true
    return question.asked.map(({ resources }) => resources.map(() => openResources))
  }

  /** `null` when the server cannot be reached or refuses the secret. */
  async #request(type: string, body: object): Promise<UpstreamResponse | null> {
    if (performance.now() < this.#cooldownUntil) return null

    const url = new URL(this.#options.url)
    url.searchParams.set("type", type)
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${this.#options.secret}`, "content-type": "application/json" },
        body: ION.stringify(body as never),
        // A redirect must not carry the secret to another server.
        redirect: "manual",
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? defaultTimeoutMs),
      })
      const text = await response.text()
      const { ok, status } = response
      const fault = ok ? null : (RefusedMessage.safeParse(parseIon(text)).data ?? null)
      const failure = ok ? null : failureOf(status, fault)
      this.#setFailure(failure)
      return failure ? null : { ok, text, fault }
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") {
        this.#cooldownUntil = performance.now() + cooldownMs
      }
      this.#setFailure(error instanceof Error ? error.message : String(error))
      return null
    }
  }

  #setFailure(failure: string | null): void {
    const { log, url } = this.#options
    if (failure && failure !== this.#failure) log.warn(`The server cannot be reached: ${failure}`, { url })
    if (!failure && this.#failure) log.info("The server is reachable again", { url })
    this.#failure = failure
  }
}

/** Why an error status does not come from our server; `null` when it does and refuses the message. */
function failureOf(status: number, fault: ChannelFault | null): string | null {
  // 401 with the fault `client` refuses a message of a client who is signed out; any other 401 is about the secret.
  if (status === 401 && fault?.fault !== "client") return "it refuses the secret"

  return fault || status === 500 ? null : `it answers with ${status}`
}

function refuseUnreachable(): never {
  throw new Refusal(unreachable.message, "sidekick")
}

function parseIon(text: string): unknown {
  try {
    return ION.parse(text)
  } catch {
    return undefined
  }
}
