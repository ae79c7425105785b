// The baseline: Bun's own publish without storing, rendering or checking anything. Also a page and an event stream.
const page = "x".repeat(Number(process.argv[3] ?? 0))
const streams = new Set<ReadableStreamDefaultController>()
const encoder = new TextEncoder()
let waiting = ""
const server = Bun.serve({
  port: Number(process.argv[2] ?? 0),
  idleTimeout: 0,
  fetch(request, server) {
    const { pathname } = new URL(request.url)
    if (pathname === "/page") return new Response(page, { headers: { "content-type": "text/html" } })
    if (pathname === "/events") return events()
    return server.upgrade(request) ? undefined : new Response("no", { status: 400 })
  },
  websocket: {
    open: (ws) => void ws.subscribe("room"),
    message(_, text) {
      server.publish("room", text)
      if (streams.size > 0) enqueue(String(text))
    },
  },
})
console.log(`listening ${server.port}`)

/** Batches the events of one event loop turn into one write. Otherwise the write call bounds event streams. */
function enqueue(text: string) {
  if (waiting === "")
    setImmediate(() => {
      const chunk = encoder.encode(waiting)
      waiting = ""
      for (const stream of streams) stream.enqueue(chunk)
    })
  waiting += `data: ${text}\n\n`
}

function events() {
  let mine: ReadableStreamDefaultController
  const body = new ReadableStream({
    start(controller) {
      mine = controller
      streams.add(mine)
      mine.enqueue(encoder.encode(": live\n\n"))
    },
    cancel: () => void streams.delete(mine),
  })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
