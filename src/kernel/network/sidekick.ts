import ION from "@covenant-rpc/ion"
import type { ServerToSidekickConnection } from "../wire.ts"

/** A sidekick that has not answered within this time counts as unreachable, in milliseconds. */
const timeoutMs = 5000

/**
 * Connects a server to a sidekick in another process by the reference protocol: one POST per call, in the order of
 * the calls. `secret` authenticates the server. A failure is returned as an `Error` and not tried again.
 *
 * @example
 * new CovenantServer(covenant, { sidekickConnection: httpServerToSidekick("http://10.0.0.2:3001", secret) })
 */
export function httpServerToSidekick(url: string, secret: string): ServerToSidekickConnection {
  let last: Promise<unknown> = Promise.resolve()

  /** One after another, because concurrent requests could overtake each other. */
  function enqueue(path: string, body: string): Promise<Error | null> {
    const posted = last.then(() => post(new URL(path, url), secret, body))
    last = posted
    return posted
  }

  return {
    addConnection: (grant) => enqueue("/connection", ION.stringify(grant as never)),
    postMessage: (message) => enqueue("/message", ION.stringify(message as never)),
    update: (resources) => enqueue("/resources", JSON.stringify({ resources })),
  }
}

async function post(url: URL, secret: string, body: string): Promise<Error | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body,
      // A redirect must not carry the secret to another server.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    return response.ok ? null : new Error(`The sidekick answers with ${response.status}`)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
