// Socket.IO 4 on Node, WebSocket transport only: `io.emit` to all.

import { createServer } from "node:http"
import { Server } from "socket.io"

const http = createServer()
const io = new Server(http, { transports: ["websocket"], pingInterval: 120_000 })
io.on("connection", (socket) => socket.on("m", (text) => io.emit("m", text)))
http.listen(Number(process.argv[2] ?? 0), () => console.log(`listening ${http.address().port}`))
