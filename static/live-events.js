import { closeCodes } from "../src/kernel/close-codes.ts"
import { byId } from "./elements.js"
import { emit } from "./events.js"
import { post } from "./requests.js"

/** @import { PageMessage, TransportHandlers } from "./live.js" */

/** @type {Record<number, number | undefined>} */
const codesByStatus = closeCodes

/** Live over server-sent events, which htmx's hx-sse reads. What the page sends goes by POST requests. */
export class EventsTransport {
  name = "sse"
  #element = byId("events")
  #path

  /**
   * @param {TransportHandlers} handlers
   * @param {string} path of the room
   */
  constructor({ cursor, onUp, onClose, onFrame, onHtml }, path) {
    this.#path = path
    const element = this.#element
    element.addEventListener("htmx:config:request", ({ detail }) => {
      detail.ctx.request.headers["Last-Event-ID"] = String(cursor())
      if (document.hidden) detail.ctx.request.headers["Page-Hidden"] = "1"
    })
    element.addEventListener("htmx:sse:after:connection", () => onUp())
    element.addEventListener("htmx:sse:before:message", (event) => {
      const { data } = event.detail.message
      if (data[0] !== "{") return

      event.preventDefault()
      onFrame(data)
    })
    element.addEventListener("htmx:sse:after:message", ({ detail }) => onHtml(detail.message.data))
    element.addEventListener("htmx:sse:close", () => onClose())
    element.addEventListener("htmx:error", () => onClose())
    element.addEventListener("htmx:response:error", ({ detail }) => {
      onClose(codesByStatus[detail.ctx.response.status])
    })
  }

  connect() {
    htmx.trigger(this.#element, "live:sse")
  }

  /** @param {PageMessage} message */
  async send({ files, ...message }) {
    const { id } = message
    try {
      const fields = { ...message, ...(files && { files: files.join() }) }
      const answer = await post(`${this.#path}/messages`, fields)
      emit("live:answer", await answer.json())
    } catch {
      emit("live:answer", { type: "refused", id, code: 503 })
    }
  }

  /** @param {"typing"} status */
  sendStatus(status) {
    post(`${this.#path}/presence`, { status }).catch(() => {})
  }
}
