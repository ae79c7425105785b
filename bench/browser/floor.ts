import { readFileSync } from "node:fs"

// The least that a chat in a browser can be: a page from the server with one list and one form, and a plain WebSocket.
// It stores nothing and knows nobody. `bun floor.ts PORT FILE`: the file has the messages of each room.

export interface FloorMessage {
  author: string
  at: number
  content: string
}

const pageSize = 50
const [port, file = ""] = process.argv.slice(2)
const rooms = JSON.parse(readFileSync(file, "utf8")) as FloorMessage[][]

const styles = `
body { display: flex; height: 100vh; margin: 0; font: 15px/1.45 sans-serif }
nav { width: 15rem; padding: 1rem } nav a { display: block }
#room { display: flex; flex: 1; flex-direction: column }
#log { flex: 1; overflow-y: auto } p { margin: 0 0 0.5rem }
textarea { width: 80% }`

/** Served as a file of its own, as any page would. */
const script = `
const [room, log, messages, form, text] = ["room", "log", "messages", "composer", "composer-content"].map((id) => document.getElementById(id))
log.scrollTop = log.scrollHeight
const socket = new WebSocket(location.href.replace("http", "ws") + "/live")
socket.onopen = () => { room.dataset.live = "" }
socket.onmessage = ({ data }) => {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 100
  messages.insertAdjacentHTML("beforeend", data)
  if (!isAtEnd) return
  while (messages.children.length > 300) messages.firstElementChild.remove()
  log.scrollTop = log.scrollHeight
}
form.onsubmit = (event) => { event.preventDefault(); socket.send(text.value); text.value = "" }
let isLoading = false
log.onscroll = async () => {
  if (isLoading || log.scrollTop > 200) return
  isLoading = true
  const answer = await fetch("?before=" + messages.firstElementChild.dataset.position)
  const older = await answer.text()
  const [height, top] = [log.scrollHeight, log.scrollTop]
  messages.insertAdjacentHTML("afterbegin", older)
  if (log.scrollTop === top) log.scrollTop += log.scrollHeight - height
  isLoading = older === ""
}`

const files: Record<string, { type: string; text: string }> = {
  "/floor.css": { type: "text/css", text: styles },
  "/floor.js": { type: "text/javascript", text: script },
}

function messageItem({ author, at, content }: FloorMessage, position: number): string {
  const time = new Date(at).toISOString()
  return `<article class="message" data-position="${position}"><b>${Bun.escapeHTML(author)}</b> <time datetime="${time}">${time.slice(11, 16)}</time><p>${Bun.escapeHTML(content)}</p></article>`
}

/** A page of messages that ends before a position. */
function items(room: FloorMessage[], before: number): string {
  const from = Math.max(0, before - pageSize)
  return room
    .slice(from, before)
    .map((message, i) => messageItem(message, from + i))
    .join("")
}

function page(room: FloorMessage[]): string {
  const links = rooms.map((_, i) => `<a href="/rooms/${i}">Room ${i}</a>`).join("")
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Room</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/floor.css"><script type="module" src="/floor.js"></script>
<nav>${links}</nav><main id="room"><section id="log"><div id="messages">${items(room, room.length)}</div></section>
<form id="composer"><textarea id="composer-content" name="content" aria-label="Message"></textarea><button>Send</button></form></main></html>`
}

function compressed(text: string, type: string, caching = "no-cache"): Response {
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "content-encoding": "gzip",
    "cache-control": caching,
  }
  return new Response(Bun.gzipSync(text), { headers })
}

const server = Bun.serve<{ room: number }>({
  port: Number(port),
  hostname: "127.0.0.1",
  fetch(request, server) {
    const { pathname, searchParams } = new URL(request.url)
    const known = files[pathname]
    if (known) return compressed(known.text, known.type, "max-age=31536000, immutable")

    const [, , number, live] = pathname.split("/")
    const room = rooms[Number(number)]
    if (!room) return new Response(null, { status: 404 })
    if (live)
      return server.upgrade(request, { data: { room: Number(number) } })
        ? undefined
        : new Response(null, { status: 400 })

    const before = searchParams.get("before")
    return before ? compressed(items(room, Number(before)), "text/html") : compressed(page(room), "text/html")
  },
  websocket: {
    open: (socket) => void socket.subscribe(String(socket.data.room)),
    message(socket, content) {
      const room = rooms[socket.data.room]
      const message = { author: "somebody", at: Date.now(), content: String(content) }
      const position = (room?.push(message) ?? 1) - 1
      server.publish(String(socket.data.room), messageItem(message, position))
    },
  },
})
process.stdout.write(`listening on ${server.port}\n`)
