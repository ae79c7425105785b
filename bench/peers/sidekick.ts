// The reference sidekick of Covenant RPC, with a server that echoes every message to the room. Its connections are
// granted in advance: tokens t0, t1, …; the second argument is their number.
import ION from "@covenant-rpc/ion"
import { startSidekickServer } from "@covenant-rpc/server/sidekick/webserver"

const port = Number(process.argv[2])
const headers = { authorization: "Bearer secret" }
const post = (path: string, body: unknown) =>
  fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body: ION.stringify(body) })
const print = console.log
// It prints a line for each message, which would distort the measurement.
console.log = () => {}

const params = { room: "1" }
startSidekickServer({
  port,
  secret: "secret",
  serverConnection: {
    async sendMessage({ channel, data }) {
      await post("/message", { channel, params, data })
      return null
    },
  },
})
for (let i = 0; i < Number(process.argv[3] ?? 0); i++)
  await post("/connection", { token: `t${i}`, channel: "chat", params, context: {} })
print(`listening ${port}`)
