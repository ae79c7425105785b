import type { Page } from "playwright-core"

/**
 * Records what a screen reader would announce from now on: changes of live regions, after WAI-ARIA 1.2. A status or an
 * alert is announced whole, a log by what is added.
 */
export async function listenTo(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    window.said = []
    const regions = '[role="status"], [role="alert"], [role="log"], [aria-live], output'
    const say = (text) => text.trim() && said.push(text.trim().replace(/\\s+/g, " "))
    const regionOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(regions)
    const isLive = (region) => region && region.getAttribute("aria-live") !== "off" && region.checkVisibility()

    new MutationObserver((records) => {
      const whole = new Set()
      for (const { target, addedNodes, type } of records) {
        const region = regionOf(target)
        if (isLive(region)) {
          if (region.getAttribute("role") !== "log") whole.add(region)
          else for (const node of addedNodes) say(node.textContent)
          continue
        }
        // An alert is announced also when it is added with its text.
        for (const node of addedNodes) for (const alert of node.querySelectorAll?.('[role="alert"]') ?? []) whole.add(alert)
      }
      for (const region of whole) say(spokenIn(region))
    }).observe(document, { childList: true, characterData: true, subtree: true })

    function spokenIn(region) {
      const copy = region.cloneNode(true)
      for (const hidden of copy.querySelectorAll('[aria-hidden="true"], [hidden]')) hidden.remove()
      return copy.textContent
    }
  }`)
  return () => page.evaluate("said") as Promise<string[]>
}
