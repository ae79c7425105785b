/**
 * Keeps a room live: a WebSocket by htmx's hx-ws, or server-sent events by its hx-sse where sockets cannot be
 * had. htmx applies the fragments; this decides when to connect, from which change on, and by which of the two.
 *
 * Events on the room: `live:up`, `live:down`, `live:answer` (what the server says of a message that was sent),
 * `live:told` (what it tells by itself that is no fragment).
 */

/** Waits between tries: doubled each time, of that a random part, so that not all come back at once. */
const firstDelayMs = 250
const maxDelayMs = 30_000
/** A socket that has not said anything by then is taken for blocked. */
const connectMs = 5000
/** Shorter interruptions are nobody's business. */
const bannerMs = 3000
/** So many sockets that fail while the server answers otherwise: something between us drops them. */
const maxSocketFailures = 2

/** Close codes after which there is no coming back, and what to say. */
const endings = new Map([
  [4400, "This page is out of step with the server. Reload it."],
  [4401, "You are signed out. Sign in again to go on."],
  [4403, "You are no longer a member of this server."],
  [4404, "This channel was deleted."],
])
/** What the server tells that answers nothing. */
const told = new Set(["unread", "news", "here"])
const endingOfStatus = new Map([400, 401, 403, 404].map((status) => [status, 4000 + status]))

export function startLive(room) {
  const messages = () => document.getElementById("messages")
  const events = document.getElementById("events")
  const banner = document.getElementById("connection")
  const say = (name, detail) => room.dispatchEvent(new CustomEvent(name, { detail }))

  let cursor = Number(messages().dataset.seq)
  let transport = chosenTransport(room)
  let connection = null
  let isLive = false
  let ended = false
  let refusal = null
  let failures = 0
  let socketFailures = 0
  let retryAt = 0
  let retryTimer
  let connectTimer
  let bannerTimer

  // --- WebSocket, by hx-ws ---

  room.addEventListener("htmx:ws:before:connection", ({ detail }) => {
    connection = detail.connection
    connection.url = connection.url.replace(/(\?.*)?$/, `?after=${cursor}`)
  })

  room.addEventListener("htmx:ws:before:message:incoming", (event) => {
    const { data } = event.detail.message
    if (typeof data !== "string" || data[0] !== "{") return

    event.preventDefault()
    const answer = JSON.parse(data)
    if (answer.type === "live") up()
    else say(told.has(answer.type) ? "live:told" : "live:answer", answer)
  })

  room.addEventListener("htmx:ws:after:message:incoming", ({ detail }) => advance(detail.message.data))

  room.addEventListener("htmx:ws:close", ({ detail }) => {
    if (detail.connection !== connection || transport !== "ws") return
    if (endings.has(detail.code)) end(detail.code)
    else down()
  })

  // --- Server-sent events, by hx-sse ---

  events.addEventListener("htmx:config:request", ({ detail }) => {
    detail.ctx.request.headers["Last-Event-ID"] = String(cursor)
  })
  events.addEventListener("htmx:sse:after:connection", () => up())
  events.addEventListener("htmx:sse:before:message", (event) => {
    const { data } = event.detail.message
    if (data[0] !== "{") return

    event.preventDefault()
    say("live:told", JSON.parse(data))
  })
  events.addEventListener("htmx:sse:after:message", ({ detail }) => advance(detail.message.data))
  events.addEventListener("htmx:sse:close", () => down())
  events.addEventListener("htmx:response:error", ({ detail }) => {
    const code = endingOfStatus.get(detail.ctx.response.status)
    if (code) end(code)
    else down()
  })
  events.addEventListener("htmx:error", () => down())

  // --- When to look again at once ---

  addEventListener("online", connectNow)
  // A socket whose network is gone would look open until somebody waits for an answer.
  addEventListener("offline", () => isLive && drop())
  document.addEventListener("visibilitychange", () => document.hidden || connectNow())
  // A page that comes back by the back button had its socket closed when it was left.
  addEventListener("pageshow", ({ persisted }) => persisted && connectNow())
  setInterval(() => banner.dataset.state === "offline" && showBanner(), 1000)

  connect()
  return {
    get isLive() {
      return isLive
    },
    get cursor() {
      return cursor
    },
    /** Why nothing can be sent from here any more, however long one waits; else `null`. */
    get refusal() {
      return refusal
    },
    /** Sends a message; its answer comes as `live:answer`. Only while live. */
    send(message) {
      if (transport === "ws") return connection.socket.send(JSON.stringify(message))

      post("messages", message)
        .then((answer) => answer.json())
        .then((answer) => say("live:answer", answer))
        .catch(() => say("live:answer", { type: "refused", id: message.id, code: 503 }))
    },
    /** Tells of the reader's own doing. Lost when not live, and no harm done. */
    tell(status) {
      if (!isLive) return
      if (transport === "ws") connection.socket.send(JSON.stringify({ status }))
      else post("presence", { status }).catch(() => {})
    },
    /** Starts again from a change: the page was brought that far by other means. */
    restartFrom(seq) {
      cursor = seq
      drop()
    },
    post,
  }

  function connect() {
    clearTimeout(retryTimer)
    clearTimeout(connectTimer)
    if (ended || isLive) return

    if (transport === "sse") {
      htmx.trigger(events, "live:sse")
    } else {
      connectTimer = setTimeout(() => drop(), connectMs)
      htmx.trigger(room, "live:ws")
    }
  }

  function up() {
    clearTimeout(connectTimer)
    clearTimeout(bannerTimer)
    bannerTimer = undefined
    isLive = true
    failures = 0
    socketFailures = 0
    banner.dataset.state = "live"
    banner.replaceChildren()
    room.dataset.live = transport
    say("live:up")
  }

  async function down() {
    clearTimeout(connectTimer)
    const wasLive = isLive
    isLive = false
    if (ended) return

    delete room.dataset.live
    say("live:down")
    bannerTimer ??= setTimeout(showBanner, bannerMs)
    const delay = wasLive ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** failures++)
    retry(Math.max(100, Math.random() * delay))
    if (transport !== "ws" || wasLive) return

    socketFailures = (await serverAnswers()) ? socketFailures + 1 : 0
    if (socketFailures >= maxSocketFailures) useEvents()
  }

  function retry(delayMs) {
    clearTimeout(retryTimer)
    retryAt = Date.now() + delayMs
    retryTimer = setTimeout(connect, delayMs)
  }

  function end(code) {
    ended = true
    isLive = false
    clearTimeout(retryTimer)
    clearTimeout(bannerTimer)
    banner.dataset.state = "ended"
    const text = endings.get(code)
    if (code === 4403 || code === 4404) refusal = text
    const next = encodeURIComponent(location.pathname)
    const link =
      code === 4401
        ? [`/login?next=${next}`, "Sign in"]
        : code === 4400
          ? [location.href, "Reload"]
          : ["/", "My servers"]
    banner.replaceChildren(element("span", text), Object.assign(element("a", link[1]), { href: link[0] }))
    say("live:down")
  }

  function showBanner() {
    if (banner.dataset.state !== "offline") {
      banner.dataset.state = "offline"
      // The countdown is for the eyes: read aloud every second it would drown everything else.
      const wait = Object.assign(element("span", ""), { id: "connection-wait", ariaHidden: "true" })
      const button = Object.assign(element("button", "Try now"), { type: "button", onclick: connectNow })
      banner.replaceChildren(element("span", "Connection lost. What you send is kept."), wait, button)
    }
    const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))
    document.getElementById("connection-wait").textContent = `Next try in ${seconds} s.`
  }

  function connectNow() {
    failures = 0
    connect()
  }

  /** Ends what there is of a connection, also one that no longer answers: htmx lets go of it, which brings `down`. */
  function drop() {
    htmx.process(room, true)
  }

  function useEvents() {
    transport = "sse"
    sessionStorage.setItem("transport", "sse")
    connectNow()
  }

  function post(what, fields) {
    return fetch(`${location.pathname}/${what}`, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(fields),
    })
  }

  /** The page now shows everything up to the highest number in what was applied. */
  function advance(html) {
    for (const [, seq] of html.matchAll(/ data-seq="(\d+)"/g)) cursor = Math.max(cursor, Number(seq))
  }
}

/** `?transport=` in the address, else what this session has learned, else what the page says. */
function chosenTransport(room) {
  const asked = new URLSearchParams(location.search).get("transport")
  if (asked) sessionStorage.setItem("transport", asked === "sse" ? "sse" : "ws")
  return sessionStorage.getItem("transport") ?? room.dataset.transport
}

async function serverAnswers() {
  try {
    return (await fetch("/health")).ok
  } catch {
    return false
  }
}

function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text })
}
