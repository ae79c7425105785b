// Runs in each measured page before its own scripts. What it finds is read by `measurements.ts`.

const probe = {
  /** When the composer is there and the page live, in milliseconds since the navigation began. */
  writableAt: 0,
  /** The largest paint so far, in milliseconds since the navigation began. */
  largest: 0,
  /** From the click on a link to the first frame with the room that it leads to. */
  switchMs: 0,
  /** The longest event of each interaction. */
  interactions: new Map(),
  /** Time between two frames. */
  frames: [],
  paints() {
    const first = performance.getEntriesByName("first-contentful-paint")[0]
    return { first: first?.startTime, largest: probe.largest, writable: probe.writableAt }
  },
  recordFrames() {
    probe.frames = []
    let before = performance.now()
    const next = () => {
      const now = performance.now()
      probe.frames.push(now - before)
      before = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  },
}
window.probe = probe

new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntries()) probe.largest = startTime
}).observe({ type: "largest-contentful-paint", buffered: true })

new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries()) {
    if (interactionId)
      probe.interactions.set(interactionId, Math.max(duration, probe.interactions.get(interactionId) ?? 0))
  }
}).observe({ type: "event", durationThreshold: 16 })

new MutationObserver(() => {
  if (!probe.writableAt && document.querySelector("#room[data-live] #composer-content"))
    probe.writableAt = performance.now()
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-live"] })

// A switch ends in this page or in the next one.
const clickKey = "probe-clicked-at"
const clickedAt = Number(sessionStorage.getItem(clickKey))
if (clickedAt) {
  sessionStorage.removeItem(clickKey)
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") probe.switchMs = performance.timeOrigin + startTime - clickedAt
    }
  }).observe({ type: "paint", buffered: true })
}
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest("a[href]")) return

    probe.switchMs = 0
    sessionStorage.setItem(clickKey, String(performance.timeOrigin + event.timeStamp))
    const old = document.getElementById("room")
    const watch = new MutationObserver(() => {
      const room = document.getElementById("room")
      if (!room || room === old) return

      watch.disconnect()
      sessionStorage.removeItem(clickKey)
      // The task after a frame: its painting is done.
      requestAnimationFrame(() =>
        setTimeout(() => {
          probe.switchMs = performance.now() - event.timeStamp
        }),
      )
    })
    watch.observe(document, { subtree: true, childList: true })
  },
  { capture: true },
)
