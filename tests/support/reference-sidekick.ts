// A process with the reference sidekick, started as its command does, but on a free port.
import { httpSidekickToServer } from "@covenant-rpc/server"
import { startSidekickServer } from "@covenant-rpc/server/sidekick/webserver"

const { SIDEKICK_SECRET = "", SIDEKICK_SERVER_URL = "" } = process.env
const server = startSidekickServer({
  port: 0,
  secret: SIDEKICK_SECRET,
  serverConnection: httpSidekickToServer(SIDEKICK_SERVER_URL, SIDEKICK_SECRET),
})
server.on("listening", () => {
  const address = server.address()
  const port = typeof address === "object" ? address?.port : ""
  process.stdout.write(`The reference listens on http://localhost:${port}\n`)
})
