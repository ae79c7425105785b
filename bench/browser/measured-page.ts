import { join } from "node:path"
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core"
import { findChromium } from "../../tests/support/chromium.ts"
import { withUsualFonts } from "./fonts.ts"
import type { Site } from "./sites.ts"

/** How slow the device and its network are. Sockets have the delay of no network: Chromium does not slow them. */
export interface Device {
  /** How many times the processor is slowed. */
  processor: number
  network?: { latency: number; downloadThroughput: number; uploadThroughput: number }
}

const bytesPerSecond = (megabits: number) => (megabits * 1e6) / 8

export const slowed: Device = {
  processor: 4,
  network: { latency: 150, downloadThroughput: bytesPerSecond(1.6), uploadThroughput: bytesPerSecond(0.75) },
}
export const unslowed: Device = { processor: 1 }

const viewport = { width: 1280, height: 800 }
/** Larger than the viewport by the browser's own bars: what is outside the window is never drawn, like letters below. */
const windowSize = { width: 1300, height: 1000 }
const maxWaitMs = 60_000
const pollMs = 50

export interface MeasuredPage {
  page: Page
  wire: CDPSession
  /** Evaluates an expression about the probe of `probe.js`. */
  probe<T>(expression: string): Promise<T>
  /** Resolves once an expression about the probe holds. */
  until(expression: string): Promise<void>
  close(): Promise<void>
}

export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium({ isWhole: true })
  if (!executablePath)
    throw new Error("The browser benchmark needs Chromium: install it, or name it in CHROMIUM_PATH")
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
    env: { ...process.env, ...withUsualFonts() } as Record<string, string>,
  })
}

/** Opens a site's room in a new browser profile: nothing is cached. */
export async function openRoom(browser: Browser, site: Site, device: Device): Promise<MeasuredPage> {
  const context = await browser.newContext({ viewport })
  await context.addCookies(site.cookies)
  await context.addInitScript({ path: join(import.meta.dir, "probe.js") })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  const { windowId } = await wire.send("Browser.getWindowForTarget")
  await wire.send("Browser.setWindowBounds", { windowId, bounds: windowSize })
  await wire.send("Network.enable")
  // Processor time: other programs on the machine do not count.
  await wire.send("Performance.enable", { timeDomain: "threadTicks" })
  if (device.network)
    await wire.send("Network.emulateNetworkConditions", { offline: false, ...device.network })
  await wire.send("Emulation.setCPUThrottlingRate", { rate: device.processor })
  await page.goto(`${site.origin}${site.paths[0]}`, { waitUntil: "load", timeout: maxWaitMs })
  const until = async (expression: string) => {
    for (const limit = Date.now() + maxWaitMs; Date.now() < limit; await Bun.sleep(pollMs)) {
      // The page may be about to be replaced by the next one.
      if (await page.evaluate(expression).catch(() => false)) return
    }
    throw new Error(`The page never came to: ${expression}`)
  }
  await until("window.probe.writableAt > 0")
  return {
    page,
    wire,
    probe: (expression) => page.evaluate(expression),
    until,
    close: () => context.close(),
  }
}

/** Processor time of the page's main thread since it was opened, and its current size. */
export async function metricsOf({ wire }: MeasuredPage) {
  const { metrics } = await wire.send("Performance.getMetrics")
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
  return { taskMs: of("TaskDuration") * 1000, heapBytes: of("JSHeapUsedSize"), nodes: of("Nodes") }
}

/** The page's size without what nothing refers to any more. */
export async function sizeOf(measured: MeasuredPage) {
  for (let i = 0; i < 2; i++) await measured.wire.send("HeapProfiler.collectGarbage")
  return metricsOf(measured)
}
