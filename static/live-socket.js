/** @import { PageMessage, TransportHandlers } from "./live.js" */

/** Live over a WebSocket, which htmx's hx-ws opens and reads. It leaves what arrives to `Arrivals`. */
export class SocketTransport {
  name = "ws"
  #room
  /** @type {HtmxSocketConnection | null} */
  #connection = null

  /**
   * @param {HTMLElement} room
   * @param {TransportHandlers} handlers
   */
  constructor(room, { cursor, onClose, onData }) {
    this.#room = room
    room.addEventListener("htmx:ws:before:connection", ({ detail: { connection } }) => {
      this.#connection = connection
      connection.url = connection.url.replace(
        /(\?.*)?$/,
        `?after=${cursor()}&viewer=${room.dataset.viewer}${document.hidden ? "&hidden" : ""}`,
      )
    })
    room.addEventListener("htmx:ws:before:message:incoming", (event) => {
      event.preventDefault()
      const { data } = event.detail.message
      if (typeof data === "string") onData(data)
    })
    room.addEventListener("htmx:ws:close", ({ detail }) => {
      if (detail.connection === this.#connection) onClose({ code: detail.code })
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
