import ION from "@covenant-rpc/ion"
import type { ChannelFault } from "../result.ts"
import type { ClientToServerConnection, ConnectAnswer, ProcedureAnswer } from "../wire.ts"

/** A server that has not answered within this time counts as unreachable, in milliseconds. */
const defaultTimeoutMs = 15_000

/** Options of an HTTP connection. */
export interface HttpOptions {
  /** The bearer token, or a function that returns it, called before each request. */
  token?: string | (() => string | undefined | Promise<string | undefined>)
  headers?: Record<string, string>
  /** Default 15,000. */
  timeoutMs?: number
}

/**
 * Connects a client to a server over HTTP. `url` is the server's origin (`https://chat.example.org`), or the full URL
 * of its Covenant endpoint. An unreachable server is an answer with code 503.
 *
 * @example
 * httpClientToServer("https://chat.example.org", { token: () => localStorage.token })
 */
export function httpClientToServer(url: string, options: HttpOptions = {}): ClientToServerConnection {
  const endpoint = new URL(url)
  if (endpoint.pathname === "/") endpoint.pathname = "/api/covenant"
  const urlFor = (type: string) => {
    const typed = new URL(endpoint)
    typed.searchParams.set("type", type)
    return typed
  }

  return {
    async runProcedure(request) {
      const answer = await post<ProcedureAnswer>(urlFor("procedure"), request, options)
      return answer && "status" in answer ? answer : { status: "ERR", error: unreachable }
    },
    async sendConnectionRequest(request) {
      const answer = await post<ConnectAnswer>(urlFor("connect"), request, options)
      if (answer && "result" in answer) return answer

      const { channel, params } = request
      return { channel, params, result: { type: "ERROR", error: { channel, params, ...unreachable } } }
    },
  }
}

const unreachable: ChannelFault & { code: number } = {
  fault: "server",
  message: "The server cannot be reached. Try again.",
  code: 503,
}

/** The parsed answer; `undefined` when there is none, or when something else than a Covenant server answers. */
async function post<Answer extends object>(
  url: URL,
  request: object,
  { token, headers, timeoutMs = defaultTimeoutMs }: HttpOptions,
): Promise<Answer | undefined> {
  const bearer = typeof token === "function" ? await token() : token
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      body: ION.stringify(request as never),
      // The wire ignores cookies, and a redirect would drop the token.
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    })
    const value: unknown = ION.parse(await response.text())
    return typeof value === "object" && value !== null ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}
