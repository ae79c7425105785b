import { find, findAll } from "./elements.js"
import { on } from "./events.js"

/** @import { PageEvents } from "./events.js" */
/** @import { OpenRoom } from "./room.js" */

/** After a restart of the server all pages reconnect at once; their requests are spread over this time. */
const spreadMs = 2000

const gatherMs = 100

/**
 * Keeps the lists around a room up to date. While live, fragments change them; when the room goes live they are loaded again
 * if they have changed since they were requested, and after an interruption anyway.
 */
export class SidebarUpdater {
  #wasLive = false
  #requestedAt
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {OpenRoom} room */
  constructor({ signal, requestedAt }) {
    this.#requestedAt = requestedAt
    const onUp = () => {
      if (this.#wasLive) this.#refreshWithin(Math.random() * spreadMs)
      this.#wasLive = true
    }
    on("live:up", onUp, signal)
    signal.addEventListener("abort", () => clearTimeout(this.#timer))
    const onRequest = (/** @type {HtmxEvents["htmx:before:request"]} */ { detail }) => {
      if (detail.ctx.target?.id === "around") this.#requested()
    }
    document.addEventListener("htmx:before:request", onRequest, { signal })
    const onFrame = (/** @type {PageEvents["live:frame"]} */ frame) => {
      if (frame.type === "here") showStatuses(frame.statuses)
      // The server sends this to moderators, whose list of channels counts them.
      if (frame.type === "reports" && location.pathname.startsWith(`/servers/${frame.serverId}/`))
        refreshSidebar()
      const isOlder = frame.type === "listsChanged" && this.#requestedAt < Date.now() - frame.agoMs
      if (isOlder || (frame.type === "lists" && find(document, frame.shownIn))) this.#refreshWithin(gatherMs)
    }
    on("live:frame", onFrame, signal)
  }

  /**
   * Once for several changes.
   * @param {number} delayMs
   */
  #refreshWithin(delayMs) {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      refreshSidebar()
    }, delayMs)
  }

  #requested() {
    this.#requestedAt = Date.now()
    clearTimeout(this.#timer)
    this.#timer = undefined
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
