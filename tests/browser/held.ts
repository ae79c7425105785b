import type { Page, Route } from "playwright-core"
import type { Stage } from "../support/browser.ts"
import { eventually, live } from "./room.ts"

/** Keeps requests to paths that match from the server, until they are let through or fail. */
export async function hold(page: Page, path: RegExp) {
  let held: Route[] | undefined = []
  await page.route(path, (route) => (held ? void held.push(route) : route.continue()))
  await untilIntercepted(page)
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

/** Call it after the first `route` of a page that is loaded: for a moment Chromium sends its requests without asking. */
export async function untilIntercepted(page: Page): Promise<void> {
  await page.route("**/health", (route) => route.fulfill({ status: 204 }))
  await eventually(() => page.evaluate(`fetch("/health").then(({ status }) => status)`), 204)
  await page.unroute("**/health")
}

/** Resolves, as a function, when a page is done with the next request that htmx has under way. */
export async function untilDone(page: Page): Promise<() => Promise<unknown>> {
  const done = `new Promise((resolve) => addEventListener("htmx:finally:request", resolve, { once: true }))`
  await page.evaluate(`void (window.isDone = ${done})`)
  return () => page.evaluate("window.isDone.then(() => null)")
}

/**
 * Opens the room for alice, where what is loaded with the first input waits for `release`. `asked` resolves when it is asked
 * for.
 */
export async function openBeforeInput({ cast, open, roomPath }: Pick<Stage, "cast" | "open" | "roomPath">) {
  const alice = await open(cast.alice, { path: "about:blank" })
  // Chromium may say that a pointer entered the page, which is an input, too.
  await alice.addInitScript(`addEventListener("pointerover", (event) => event.stopPropagation(), true)`)
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await alice.route("**/interaction.js", async (route) => {
    await released
    await route.continue()
  })
  await alice.goto(roomPath)
  await live(alice)
  return { alice, asked: alice.waitForRequest(/interaction\.js/), release }
}
