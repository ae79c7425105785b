// `ws` on Node: a loop over the clients, as its documentation broadcasts.
import { WebSocketServer } from "ws"

const server = new WebSocketServer({ port: Number(process.argv[2] ?? 0) }, () =>
  console.log(`listening ${server.address().port}`),
)
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    for (const client of server.clients) if (client.readyState === 1) client.send(data, { binary: false })
  })
})
