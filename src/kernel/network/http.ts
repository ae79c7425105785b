import ION from "@covenant-rpc/ion"
import type { ChannelFault } from "../result.ts"
import type { ClientToServerConnection, ConnectAnswer, ProcedureAnswer } from "../wire.ts"

/** After so long a server that has not answered is taken for unreachable. */
const defaultTimeoutMs = 15_000

/** How a server is asked. */
export interface HttpOptions {
  /** The bearer token, or what gives it, asked before each call. */
  token?: string | (() => string | undefined | Promise<string | undefined>)
  headers?: Record<string, string>
  timeoutMs?: number
}

/**
 * Connects a client to a server over HTTP. `url` is the server's address (`https://chat.example.org`), or, where it
 * has a path, that of its wire. A server that cannot be reached is an answer with 503.
 */
export function httpClientToServer(url: string, options: HttpOptions = {}): ClientToServerConnection {
  const address = new URL(url)
  if (address.pathname === "/") address.pathname = "/api/covenant"

  return {
    async runProcedure(request) {
      const answer = await ask<ProcedureAnswer>(address, "procedure", request, options)
      return answer && "status" in answer ? answer : { status: "ERR", error: unreachable }
    },
    async sendConnectionRequest(request) {
      const answer = await ask<ConnectAnswer>(address, "connect", request, options)
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

/** What the server answers; `undefined` when nothing came of it that can be understood. */
async function ask<Answer extends object>(
  address: URL,
  type: string,
  request: object,
  { token, headers, timeoutMs = defaultTimeoutMs }: HttpOptions,
): Promise<Answer | undefined> {
  const bearer = typeof token === "function" ? await token() : token
  const url = new URL(address)
  url.searchParams.set("type", type)
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      body: ION.stringify(request as never),
      // A cookie would say nothing to the wire, and a redirect lose the token.
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    })
    const value: unknown = ION.parse(await answer.text())
    // Whoever answers in the server's place does not speak its language.
    return typeof value === "object" && value !== null ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}
