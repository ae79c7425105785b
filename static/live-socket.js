/** @import { PageMessage, TransportHandlers } from "./live.js" */

/** Live over a WebSocket, which htmx's hx-ws opens and reads. */
export class SocketTransport {
  name = "ws"
  #room
  /** @type {HtmxSocketConnection | null} */
  #connection = null

  /**
   * @param {HTMLElement} room
   * @param {TransportHandlers} handlers
   */
  constructor(room, { cursor, onClose, onFrame, onHtml }) {
    this.#room = room
    room.addEventListener("htmx:ws:before:connection", ({ detail: { connection } }) => {
      this.#connection = connection
      connection.url = connection.url.replace(
        /(\?.*)?$/,
        `?after=${cursor()}${document.hidden ? "&hidden" : ""}`,
      )
    })
    room.addEventListener("htmx:ws:before:message:incoming", (event) => {
      const { data } = event.detail.message
      if (typeof data !== "string" || data[0] !== "{") return

      event.preventDefault()
      onFrame(data)
    })
    room.addEventListener("htmx:ws:after:message:incoming", ({ detail }) => onHtml(detail.message.data))
    room.addEventListener("htmx:ws:close", ({ detail }) => {
      if (detail.connection === this.#connection) onClose(detail.code)
    })
  }

  connect() {
    htmx.trigger(this.#room, "live:ws")
  }

  /** @param {PageMessage} message */
  send(message) {
    this.#connection?.socket.send(JSON.stringify(message))
  }

  /** @param {"typing" | "hidden" | "visible"} status */
  sendStatus(status) {
    const socket = this.#connection?.socket
    // A page that is left is hidden while its socket closes.
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ status }))
  }
}
