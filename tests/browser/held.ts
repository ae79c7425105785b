import type { Page, Route } from "playwright-core"
import { eventually } from "./room.ts"

/** Keeps requests to paths that match from the server, until they are let through or fail. */
export async function hold(page: Page, path: RegExp) {
  let held: Route[] | undefined = []
  await page.route(path, (route) => (held ? void held.push(route) : route.continue()))
  return {
    /** Waits until so many are held. */
    holds: (count: number) => eventually(async () => held?.length, count),
    /** Those that are held, and all others. */
    async letThrough() {
      const routes = held ?? []
      held = undefined
      // Those of a page that did not want to wait are gone.
      await Promise.all(routes.map((route) => route.continue().catch(() => {})))
    },
    /** Those that are held, as without a connection. */
    async fail() {
      const routes = held ?? []
      held = []
      await Promise.all(routes.map((route) => route.abort()))
    },
  }
}

/** Resolves, as a function, when a page is done with the next request that htmx has under way. */
export async function untilDone(page: Page): Promise<() => Promise<unknown>> {
  const done = `new Promise((resolve) => addEventListener("htmx:finally:request", resolve, { once: true }))`
  await page.evaluate(`void (window.isDone = ${done})`)
  return () => page.evaluate("window.isDone.then(() => null)")
}
