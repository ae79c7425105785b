import { closeCodes } from "../src/kernel/close-codes.ts"
import { Arrivals } from "./arrivals.js"
import { removeChannel } from "./channels.js"
import { byId } from "./elements.js"
import { emit } from "./events.js"
import { loadLater } from "./later.js"
import { ConnectionBanner } from "./live-banner.js"
import { reasonOfEnd } from "./live-endings.js"
import { SocketTransport } from "./live-socket.js"
import { post } from "./requests.js"

/** @import { PageFrame } from "../src/web/live/frames.ts" */
/** @import { ConnectionEnding } from "./live-banner.js" */
/** @import { EventsTransport } from "./live-events.js" */
/** @import { OpenRoom } from "./room.js" */

/** Delays between attempts: doubled each time, of which a random part, so that not all pages reconnect at once. */
const firstDelayMs = 250
const maxDelayMs = 30_000
const minDelayMs = 100
/** A socket that has not gone live by then is considered blocked. */
const connectMs = 5000
/** After so many failed sockets while the server answers requests, something on the way blocks WebSockets. */
const maxSocketFailures = 2

/** @type {Record<number, number | undefined>} */
const codesByStatus = closeCodes

/** @typedef {{ id: string, content: string, replyTo?: string, files?: string[] }} PageMessage */

/**
 * How a connection tells what happened to it.
 * @typedef {object} TransportHandlers
 * @property {() => number} cursor the change to continue after
 * @property {() => void} onUp
 * @property {(how?: { code?: number, status?: number, reason?: string }) => void} onClose the connection failed or was closed,
 *   with a close code or an HTTP status if there was one, and the reason in words
 * @property {(data: string) => void} onData a frame: JSON, or fragments
 */

/**
 * Keeps a room live, over a WebSocket, or over server-sent events where WebSockets are blocked. This class decides when to
 * connect, from which change on, and with which transport. What arrives is applied in its order: see `Arrivals`.
 *
 * Emits `live:up`, `live:down`, `live:answer` and `live:frame`.
 */
export class LiveConnection {
  #room
  #path
  #signal
  #banner
  #socket
  #handlers
  #isLoadingEvents = false
  /** @type {SocketTransport | EventsTransport} */
  #transport
  #cursor = Number(byId("messages").dataset.seq)
  #arrivals
  #isLive = false
  #hasEnded = false
  /** @type {ConnectionEnding | null} */
  #ending = null
  #failures = 0
  #socketFailures = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #connectTimer

  /** @param {OpenRoom} room */
  constructor(room) {
    this.#room = room.element
    this.#path = room.path
    this.#signal = room.signal
    this.#banner = new ConnectionBanner(() => this.#connectNow(), room.signal)
    this.#arrivals = new Arrivals(room, {
      onFrame: (json) => this.#receive(JSON.parse(json)),
      onShown: (html) => this.#advance(html),
    })
    /** @type {TransportHandlers} */
    const handlers = {
      cursor: () => this.#cursor,
      onUp: () => this.#up(),
      onClose: ({ code, status, reason } = {}) => this.#closed(code ?? codesByStatus[status ?? 0], reason),
      onData: (data) => this.#arrivals.add(data),
    }
    this.#handlers = handlers
    this.#socket = new SocketTransport(room.element, {
      ...handlers,
      // A socket may close after the switch to events.
      onClose: (how) => this.#transport === this.#socket && handlers.onClose(how),
    })
    this.#transport = this.#socket
    this.#connectOnHints()
    if (preferredTransport(room) === "sse") this.#useEvents()
    else this.#connect()
    room.signal.addEventListener("abort", () => this.#end())
  }

  get isLive() {
    return this.#isLive
  }

  /** The last change the page shows. */
  get cursor() {
    return this.#cursor
  }

  /** Why nothing can be sent from this page any more; else `null`. */
  get ending() {
    return this.#ending
  }

  /**
   * Sends a message, answered by `live:answer`. Only while live.
   * @param {PageMessage} message
   */
  send(message) {
    this.#transport.send(message)
  }

  /** Tells others that the viewer is typing. Does nothing while not live. */
  sendTyping() {
    if (this.#isLive) this.#transport.sendStatus("typing")
  }

  /**
   * Tells the server how far the viewer has read.
   * @param {number} position
   */
  sendRead(position) {
    post(`${this.#path}/read`, { position: String(position) }).catch(() => {})
  }

  /**
   * Reconnects and continues after another change: the page was brought there by other means.
   * @param {number} seq
   */
  restartFrom(seq) {
    this.#arrivals.dropFragments()
    this.#cursor = seq
    this.#drop()
  }

  /** Reconnects when the browser says that it may work again. */
  #connectOnHints() {
    const until = { signal: this.#signal }
    addEventListener("online", () => this.#connectNow(), until)
    // Otherwise a socket without a network would look open until an answer is missed.
    addEventListener("offline", () => this.#isLive && this.#drop(), until)
    document.addEventListener("visibilitychange", () => this.#visibilityChanged(), until)
    // Sockets are closed when a page enters the back/forward cache.
    addEventListener("pageshow", ({ persisted }) => persisted && this.#connectNow(), until)
  }

  /** What is shown is not notified of, so the server is told. Event streams tell it as they connect. */
  #visibilityChanged() {
    if (!this.#isLive) document.hidden || this.#connectNow()
    else if (this.#transport !== this.#socket) this.#drop()
    else this.#socket.sendStatus(document.hidden ? "hidden" : "visible")
  }

  /** Another room takes the place of this one: closes the connection permanently. */
  #end() {
    this.#hasEnded = true
    this.#isLive = false
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#connectTimer)
    this.#drop()
  }

  #connectNow() {
    this.#failures = 0
    this.#connect()
  }

  #connect() {
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#connectTimer)
    if (this.#hasEnded || this.#isLive || this.#isLoadingEvents) return

    if (this.#transport === this.#socket) {
      this.#connectTimer = setTimeout(() => this.#drop(), connectMs)
    }
    this.#transport.connect()
  }

  #up() {
    if (this.#signal.aborted) return

    clearTimeout(this.#connectTimer)
    this.#isLive = true
    this.#failures = 0
    this.#socketFailures = 0
    this.#banner.showLive()
    this.#room.dataset.live = this.#transport.name
    emit("live:up")
  }

  async #down() {
    clearTimeout(this.#connectTimer)
    const wasLive = this.#isLive
    this.#isLive = false
    if (this.#hasEnded) return

    delete this.#room.dataset.live
    emit("live:down")
    const delayMs = wasLive ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** this.#failures++)
    this.#retryAfter(Math.max(minDelayMs, Math.random() * delayMs))
    if (this.#transport !== this.#socket || wasLive) return

    this.#socketFailures = (await isServerReachable()) ? this.#socketFailures + 1 : 0
    if (this.#socketFailures >= maxSocketFailures) this.#useEvents()
  }

  /** @param {number} delayMs */
  #retryAfter(delayMs) {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs)
    this.#banner.showLost(Date.now() + delayMs)
  }

  /**
   * @param {number | undefined} code
   * @param {string} [reason]
   */
  async #closed(code, reason) {
    if (this.#signal.aborted) return

    // The next connection continues after them.
    const shown = this.#arrivals.show()
    const ending = reasonOfEnd(code, reason)
    if (!ending) return this.#down()

    // The last of them may say why, which the close code alone does not.
    await shown
    this.#endFor(ending)
  }

  /** @param {ConnectionEnding} ending */
  #endFor(ending) {
    if (this.#signal.aborted || this.#hasEnded) return

    this.#hasEnded = true
    this.#isLive = false
    delete this.#room.dataset.live
    clearTimeout(this.#retryTimer)
    this.#ending = ending
    if (!ending.canReturn) removeChannel(this.#room.dataset.channel ?? "")
    this.#banner.showEnded(ending)
    emit("live:down")
  }

  /** Closes the connection, also one that no longer answers. `onDown` follows. */
  #drop() {
    htmx.process(this.#room, true)
  }

  /** Where it cannot be loaded, there is no connection at all: the next attempt is by socket again. */
  async #useEvents() {
    this.#isLoadingEvents = true
    try {
      const { EventsTransport, loadEvents } = await loadLater(
        "live-events.js",
        () => import("./live-events.js"),
      )
      const element = byId("events")
      await loadEvents(element)
      const send = (/** @type {string} */ path, /** @type {Record<string, string>} */ fields) =>
        post(`${this.#path}/${path}`, fields, this.#room.dataset.viewer)
      // A socket that was begun before may have succeeded meanwhile.
      if (!this.#isLive) {
        this.#transport = new EventsTransport(element, this.#handlers, send)
        this.#drop()
        sessionStorage.setItem("transport", this.#transport.name)
      }
    } catch {
      this.#socketFailures = 0
    }
    this.#isLoadingEvents = false
    if (!this.#signal.aborted) this.#connectNow()
  }

  /** @param {PageFrame} frame */
  #receive(frame) {
    if (frame.type === "live") this.#up()
    else if (frame.type === "ended") {
      const ending = reasonOfEnd(frame.code, frame.message)
      if (ending) this.#endFor(ending)
    } else if (frame.type === "stored" || frame.type === "refused") emit("live:answer", frame)
    else emit("live:frame", frame)
  }

  /**
   * The page now shows everything up to the highest change in what was applied.
   * @param {string} html
   */
  #advance(html) {
    for (const [, seq] of html.matchAll(/ data-seq="(\d+)"/g)) {
      this.#cursor = Math.max(this.#cursor, Number(seq))
    }
  }
}

/**
 * `?transport=` in the URL, else what this session has learned, else what the server proposes.
 * @param {OpenRoom} room
 */
function preferredTransport(room) {
  const asked = new URLSearchParams(location.search).get("transport")
  if (asked) sessionStorage.setItem("transport", asked === "sse" ? "sse" : "ws")
  return sessionStorage.getItem("transport") ?? room.transport
}

async function isServerReachable() {
  try {
    return (await fetch("/health")).ok
  } catch {
    return false
  }
}
