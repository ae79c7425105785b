import { afterAll, test } from "bun:test"
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core"
import type { Outside, Person } from "./chat.ts"
import { findChromium } from "./chromium.ts"
import { type CuttableWay, createProxy } from "./proxy.ts"
import { createTestSite, type TestSite } from "./site.ts"

/** A test fails after that; in it a wait fails sooner, and says what it was for. */
const testMs = 120_000
export const waitMs = 30_000

/** Which Chromium: with a switch, such as to be an older one, or the whole of it. */
interface Kind {
  flag?: string
  isWhole?: boolean
}

const launched = new Map<string, Promise<Browser>>()

/** One browser for all stories of a file, and one more for each kind that a story asks for. */
function browser({ flag, isWhole }: Kind): Promise<Browser> {
  const kind = `${flag} ${isWhole}`
  const known = launched.get(kind)
  if (known) return known

  const starting = chromium.launch({
    executablePath: findChromium({ isWhole }),
    args: ["--no-sandbox", "--disable-gpu", `--host-resolver-rules=${onlyHere}`, ...(flag ? [flag] : [])],
    // People's browsers keep a page that is left, and bring it back as it was.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  })
  launched.set(kind, starting)
  // Bun ends the programs that a test began which takes too long: the next story gets a new browser.
  const forget = () => void launched.delete(kind)
  starting.then((started) => started.once("disconnected", forget), forget)
  return starting
}

/** No name leads anywhere: neither what a page asks for, nor what Chromium would for itself. */
const onlyHere = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"

async function closeBrowsers(): Promise<void> {
  const started = [...launched.values()]
  launched.clear()
  await Promise.all(started.map(async (one) => (await one).close()))
}

/** What a browser says where nobody answers; for `expectTrouble`. */
export const unreachable = /net::ERR_|WebSocket connection|htmx:(ws:|sse:)?error/

interface Opening extends BrowserContextOptions, Kind {
  /** Where to; the room when not given. */
  path?: string
  /** Where the site is, when not to be reached directly. */
  url?: string
}

export interface Stage extends TestSite {
  /** Opens the site in a browser of their own, signed in when it is someone of the cast. */
  open(person?: Person, opening?: Opening): ReturnType<BrowserContext["newPage"]>
  /** A way to the site that can be cut; `open` with its `origin` as `url`. */
  proxy(): Promise<CuttableWay>
  /** Trouble that the story makes on purpose. */
  expectTrouble(...known: RegExp[]): void
}

/**
 * A test about people with browsers, each in a context of their own, on a fresh site. It fails on anything a
 * browser complains about: script errors, failed requests, breaches of the CSP, requests to other hosts.
 */
export function story(
  name: string,
  play: (stage: Stage) => Promise<void>,
  environment: Record<string, string> = {},
  outside?: Outside,
): void {
  afterAll(closeBrowsers)
  test(
    name,
    async () => {
      const site = await createTestSite(environment, outside)
      const contexts: BrowserContext[] = []
      const proxies: CuttableWay[] = []
      const trouble: string[] = []
      const known: RegExp[] = []

      async function open(
        person?: Person,
        {
          path = site.roomPath,
          url = site.originOf(person ?? null),
          flag,
          isWhole,
          ...options
        }: Opening = {},
      ) {
        const context = await (await browser({ flag, isWhole })).newContext({
          baseURL: url,
          viewport: { width: 1280, height: 800 },
          ...options,
        })
        contexts.push(context)
        context.setDefaultTimeout(waitMs)
        watch(context, (what) => trouble.push(`${person?.username ?? "someone"}: ${what}`))
        if (person) {
          const value = site.cookieOf(person)
          await context.addCookies([
            { name: "covenant.session_token", value, url, httpOnly: true, sameSite: "Lax" },
          ])
        }
        const page = await context.newPage()
        // A page with an endless frame never finishes loading.
        await page.goto(path, { waitUntil: "commit" })
        return page
      }

      async function proxy() {
        const made = await createProxy(site.port)
        proxies.push(made)
        return made
      }

      try {
        await play({ ...site, open, proxy, expectTrouble: (...expected) => known.push(...expected) })
        const unexpected = trouble.filter((line) => !known.some((pattern) => pattern.test(line)))
        if (unexpected.length > 0) throw new Error(`The browser complained:\n${unexpected.join("\n")}`)
      } catch (error) {
        if (trouble.length > 0) process.stderr.write(`${trouble.join("\n")}\n`)
        throw error
      } finally {
        await Promise.all(contexts.map((context) => context.close()))
        for (const made of proxies) made.close()
        await site.close()
      }
    },
    testMs,
  )
}

function watch(context: BrowserContext, report: (what: string) => void): void {
  context.on("weberror", (event) => report(`threw ${event.error().message}`))
  context.on("console", (message) => {
    // Breaches of the CSP are said here too.
    if (["error", "warning"].includes(message.type())) report(`${message.text()} ${message.location().url}`)
  })
  context.on("request", (request) => {
    if (!isOwn(request.url())) report(`asked another host: ${request.url()}`)
  })
  context.on("page", (page) => {
    page.on("websocket", (socket) => isOwn(socket.url()) || report(`asked another host: ${socket.url()}`))
  })
}

function isOwn(url: string): boolean {
  return /^(https?|wss?):\/\/(127\.0\.0\.1|localhost):|^(data|about|blob):/.test(url)
}
