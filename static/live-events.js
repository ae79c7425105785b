/** @import { PageMessage, TransportHandlers } from "./live.js" */

/**
 * Loads htmx's hx-sse, and gets the element ready that it reads with. Rejects without a connection.
 * @param {HTMLElement} element
 */
export async function loadEvents(element) {
  // Once for all rooms that this page shows.
  loading ??= loadScript("htmx-sse.js")
  await loading.catch((error) => {
    loading = undefined
    throw error
  })
  htmx.process(element, true)
}

/** @type {Promise<unknown> | undefined} */
let loading

/** @param {string} name */
function loadScript(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = new URL(name, import.meta.url).href
    script.onload = resolve
    script.onerror = reject
    document.head.append(script)
  })
}

/**
 * Live over server-sent events, which htmx's hx-sse reads. What the page sends goes by POST requests. It is loaded where
 * WebSockets are blocked, and imports nothing that every page loads too.
 */
export class EventsTransport {
  name = "sse"
  #element
  #handlers
  #post

  /**
   * @param {HTMLElement} element
   * @param {TransportHandlers} handlers
   * @param {(path: string, fields: Record<string, string>) => Promise<Response>} post sends to a path below the room's
   */
  constructor(element, handlers, post) {
    this.#element = element
    this.#handlers = handlers
    this.#post = post
    const { cursor, onUp, onClose, onData } = handlers
    element.addEventListener("htmx:config:request", ({ detail }) => {
      const { headers } = detail.ctx.request
      headers["Last-Event-ID"] = String(cursor())
      headers["Page-Viewer"] = element.parentElement?.dataset.viewer ?? ""
      if (document.hidden) headers["Page-Hidden"] = "1"
    })
    element.addEventListener("htmx:sse:after:connection", () => onUp())
    element.addEventListener("htmx:sse:before:message", (event) => {
      event.preventDefault()
      onData(event.detail.message.data)
    })
    element.addEventListener("htmx:sse:close", () => onClose())
    element.addEventListener("htmx:error", () => onClose())
    element.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
      onClose({ status: ctx.response.status, reason: ctx.text })
    })
  }

  connect() {
    htmx.trigger(this.#element, "live:sse")
  }

  /** @param {PageMessage} message */
  async send({ files, ...message }) {
    const { id } = message
    try {
      const answer = await this.#post("messages", { ...message, ...(files && { files: files.join() }) })
      this.#handlers.onData(await answer.text())
    } catch {
      this.#handlers.onData(JSON.stringify({ type: "refused", id, code: 503 }))
    }
  }

  /** @param {"typing"} status */
  sendStatus(status) {
    this.#post("presence", { status }).catch(() => {})
  }
}
