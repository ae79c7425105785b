import { find, findAll } from "./elements.js"
import { on } from "./events.js"

/** @import { PageEvents } from "./events.js" */

/** After a restart of the server all pages reconnect at once; their requests are spread over this time. */
const spreadMs = 2000

const gatherMs = 100

/**
 * Keeps the lists around a room up to date. While live, fragments change them; after an interruption they are loaded again,
 * because changes were missed.
 */
export class SidebarUpdater {
  #wasLive = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {AbortSignal} signal */
  constructor(signal) {
    const onUp = () => {
      clearTimeout(this.#timer)
      if (this.#wasLive) this.#timer = setTimeout(refreshSidebar, Math.random() * spreadMs)
      this.#wasLive = true
    }
    on("live:up", onUp, signal)
    signal.addEventListener("abort", () => clearTimeout(this.#timer))
    const onFrame = (/** @type {PageEvents["live:frame"]} */ frame) => {
      if (frame.type === "here") showStatuses(frame.statuses)
      // The server sends this to moderators, whose list of channels counts them.
      if (frame.type === "reports" && location.pathname.startsWith(`/servers/${frame.serverId}/`))
        refreshSidebar()
      if (frame.type === "lists" && find(document, frame.shownIn)) this.#refreshSoon()
    }
    on("live:frame", onFrame, signal)
  }

  /** Once for several changes. */
  #refreshSoon() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(refreshSidebar, gatherMs)
  }
}

/** Loads the lists around the room again. */
export function refreshSidebar() {
  htmx.ajax("GET", `${location.pathname}/around`, { source: "#around", target: "#around", swap: "innerHTML" })
}

/** @param {Record<string, string>} statuses */
function showStatuses(statuses) {
  for (const dot of findAll(document, ".presence")) {
    const status = statuses[dot.id.slice("presence-".length)] ?? "offline"
    dot.dataset.status = status
    dot.textContent = status === "doNotDisturb" ? "do not disturb" : status
  }
}
