import type { Page } from "playwright-core"

/**
 * What a screen reader says by itself from now on: what is put into regions that are live, wherever they are, as
 * WAI-ARIA 1.2 has it. A status or an alert is said whole, of a log what is added.
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
        // An alert speaks also when it comes with what it says.
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
