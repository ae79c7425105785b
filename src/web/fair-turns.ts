import { LoopTurn } from "./live/loop-turn.ts"

/** How long requests that came at once may keep everything else waiting, in milliseconds. */
const maxTurnMs = 20

type Handle = (...args: never[]) => Response | Promise<Response>

/**
 * Lets others be answered while one connection sends thousands of requests at once (HTTP pipelining, which no browser
 * does): Bun takes all that it has received, one after another, without returning to the event loop. A request that
 * comes after a long turn waits for the next one, and Bun closes the connection of one that waits with others behind it.
 */
export function fairTurns() {
  const turn = new LoopTurn()
  /** When the first request of this turn came, on the clock of `performance.now()`. */
  let startedAt: number | undefined

  return (handle: Handle): Handle =>
    (...args) => {
      if (startedAt === undefined) {
        startedAt = performance.now()
        setImmediate(() => {
          startedAt = undefined
        })
      } else if (performance.now() - startedAt > maxTurnMs) {
        return turn.end().then(() => handle(...args))
      }
      return handle(...args)
    }
}
