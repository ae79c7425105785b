// Elysia as in its documentation: a room by publish, and a route that returns a string.
import { Elysia } from "elysia"

const page = "x".repeat(Number(process.argv[3] ?? 0))
const app = new Elysia()
  .get("/page", ({ set }) => {
    set.headers["content-type"] = "text/html"
    return page
  })
  .ws("/", {
    open: (ws) => void ws.subscribe("room"),
    message(_, text) {
      app.server?.publish("room", String(text))
    },
  })
  .listen(Number(process.argv[2] ?? 0))
console.log(`listening ${app.server?.port}`)
