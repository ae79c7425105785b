import { launch } from "./process.ts"
import { createProxy } from "./proxy.ts"

export const secret = "a-secret-that-is-only-used-in-tests"

/** A sidekick as a process of its own; resolves once it listens. */
export async function startSidekick(serverUrl: string, environment: Record<string, string> = {}) {
  const sidekick = launch(["src/sidekick.ts"], "/nowhere", {
    NODE_ENV: "production",
    SIDEKICK_SECRET: secret,
    SIDEKICK_SERVER_URL: serverUrl,
    ...environment,
  })
  while (sidekick.child.exitCode === null) {
    const port = sidekick.said().match(/listens on http:\/\/localhost:(\d+)/)?.[1]
    if (port) return { ...sidekick, port: Number(port), origin: `http://127.0.0.1:${port}` }
    await Bun.sleep(10)
  }
  throw new Error(`The sidekick did not start: ${sidekick.said()}`)
}

/** An address for a sidekick that is there before and after it: server and sidekick each have to know the other's. */
export async function sidekickAddress() {
  const way = await createProxy(1)
  return { ...way, [Symbol.dispose]: () => way.close() }
}
