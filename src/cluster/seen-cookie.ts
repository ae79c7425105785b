import type { Bus } from "./bus.ts"

/** Names how far the node was that answered the last form. */
const cookieName = "covenant.seen"
/** How long a browser names it, in seconds: after that every node has heard it or knows that it has missed something. */
const maxAgeSeconds = 10
/** How long a request waits to hear what came before it, in milliseconds. Usually that takes less than one. */
const maxWaitMs = 50
const pollMs = 2

const readingMethods = new Set(["GET", "HEAD", "OPTIONS"])
const pattern = new RegExp(`(?:^|; )${RegExp.escape(cookieName)}=([\\w-]+\\.\\d+)\\.(\\w+)`)

type Handle = (request: Request, ...rest: never[]) => Response | Promise<Response>

interface SeenOptions {
  bus: Pick<Bus, "position" | "hasHeard">
  /** Forgets everything cached that other nodes may have changed. */
  forgetCached(): void
  isSecure: boolean
  /** Signs positions: an invented one would make a node forget its caches. */
  secret: string
}

/**
 * Lets browsers see what they have written, whichever node answers next: an answer to a form says how far its node was,
 * and a node that has not heard of that yet waits for a moment, then uses no cache.
 */
export function rememberSeen({ bus, forgetCached, isSecure, secret }: SeenOptions) {
  const sign = (position: string) =>
    new Bun.CryptoHasher("sha256", secret).update(`seen ${position}`).digest("hex").slice(0, 16)
  const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`
  /** Shared by the requests that wait. */
  let forgetting: Promise<void> | undefined

  async function reach(position: string): Promise<void> {
    const deadline = performance.now() + maxWaitMs
    while (!bus.hasHeard(position) && performance.now() < deadline) await Bun.sleep(pollMs)
    if (bus.hasHeard(position)) return

    forgetting ??= Bun.sleep(maxWaitMs).then(() => {
      forgetting = undefined
      forgetCached()
    })
    await forgetting
  }

  return (handle: Handle): Handle =>
    async (request, ...rest) => {
      const [, seen, signature] = request.headers.get("cookie")?.match(pattern) ?? []
      if (seen !== undefined && !bus.hasHeard(seen) && signature === sign(seen)) await reach(seen)

      const response = await handle(request, ...rest)
      // An upgrade to a WebSocket has no response.
      if (response instanceof Response && !readingMethods.has(request.method)) {
        response.headers.append(
          "set-cookie",
          `${cookieName}=${bus.position}.${sign(bus.position)}; ${attributes}`,
        )
      }
      return response
    }
}
