import { readFileSync } from "node:fs"
import type { Frame, Page } from "playwright-core"

/** Injected by the debugger: the CSP blocks scripts from elsewhere. */
const axe = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8")

/** Colour schemes and widths to check. In dark mode only rules about colours can differ. */
const variants = [
  { name: "light", colorScheme: "light", width: 1280, rules: undefined },
  { name: "dark", colorScheme: "dark", width: 1280, rules: ["color-contrast", "link-in-text-block"] },
  { name: "narrow", colorScheme: "light", width: 390, rules: undefined },
] as const

/** Fails with the violations that axe finds in the current state of the page, in every variant and frame. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const found: string[] = []
  for (const { name, colorScheme, width, rules } of variants) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    await page.setViewportSize({ width, height: 800 })
    for (const frame of page.frames())
      found.push(...(await violationsIn(frame, rules)).map((text) => `${name}: ${text}`))
  }
  if (found.length > 0) throw new Error(`Not accessible: ${what}\n${[...new Set(found)].join("\n")}`)
}

async function violationsIn(frame: Frame, rules?: readonly string[]): Promise<string[]> {
  // Half a megabyte, which is sent once for each document.
  if (!(await frame.evaluate("'axe' in window"))) await frame.evaluate(`(0, eval)(${JSON.stringify(axe)})`)
  const options = { iframes: false, resultTypes: ["violations"], ...(rules && { runOnly: rules }) }
  return frame.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
      id + " at " + html.slice(0, 160) + " " + failureSummary.slice(0, 300))))`)
}
