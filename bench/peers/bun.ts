// The limit: Bun's own publish, with nothing stored, rendered or checked. Also a page and an event stream.
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
      if (streams.size > 0) gather(String(text))
    },
  },
})
console.log(`listening ${server.port}`)

/** One write for all events of a turn: without it the limit of event streams is the write call. */
function gather(text: string) {
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
