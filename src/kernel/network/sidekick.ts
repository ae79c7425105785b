import ION from "@covenant-rpc/ion"
import type { ServerToSidekickConnection } from "../wire.ts"

/** After so long a sidekick that has not answered is taken for unreachable. */
const timeoutMs = 5000

/**
 * Connects a server to a sidekick that is a process of its own, at `url`, which knows it by `secret`: the reference
 * protocol, one post for each thing it is told, in the order of the calls. What cannot be told is an `Error` that is
 * returned, and is not told again.
 */
export function httpServerToSidekick(url: string, secret: string): ServerToSidekickConnection {
  let last: Promise<unknown> = Promise.resolve()

  /** One after another: two on their way could overtake each other. */
  function tell(path: string, body: string): Promise<Error | null> {
    const told = last.then(() => post(new URL(path, url), secret, body))
    last = told
    return told
  }

  return {
    addConnection: (grant) => tell("/connection", ION.stringify(grant as never)),
    postMessage: (message) => tell("/message", ION.stringify(message as never)),
    update: (resources) => tell("/resources", JSON.stringify({ resources })),
  }
}

async function post(url: URL, secret: string, body: string): Promise<Error | null> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body,
      // The secret is for nobody else.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.body?.cancel()
    return answer.ok ? null : new Error(`The sidekick answers with ${answer.status}`)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
