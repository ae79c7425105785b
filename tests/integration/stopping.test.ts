import { Database as Sqlite } from "bun:sqlite"
import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { stopSignals } from "../../src/startup.ts"
import { until } from "../support/listen.ts"
import { type ServerProcess, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

// Starts and stops real servers and hashes passwords, which takes time.
setDefaultTimeout(60_000)

/** More are never under way by socket: a server without limits would otherwise be kept from everything else. */
const maxUnderWay = 2_000

/** The grace period that deployments configure, in milliseconds. */
const promisedMs = 10_000

test("SIGTERM while messages are sent loses no confirmed message, and readers reconnect", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  const [reader, sender] = [await connect(server, alice), await connect(server, alice)]
  const events = await openEvents(server, alice)
  const sent = new Set<string>()
  const byForm = new Set<string>()
  let isOver = false
  const sendByForm = async () => {
    while (!isOver) {
      const id = crypto.randomUUID()
      sent.add(id)
      const status = await alice.post("by form", id).catch(() => 0)
      if (status === 201) byForm.add(id)
    }
  }
  const sending = Promise.all([sendByForm(), sendByForm()])
  const flood = setInterval(() => {
    for (let count = 0; count < 20; count++) {
      const id = crypto.randomUUID()
      if (sender.socket.readyState !== WebSocket.OPEN) return
      if (sent.size - sender.stored.size - byForm.size > maxUnderWay) return
      sent.add(id)
      sender.socket.send(JSON.stringify({ content: "by socket", id }))
    }
  }, 1)
  await until("many are confirmed", () => sender.stored.size > 200 && byForm.size > 5, 20_000)

  const askedAt = performance.now()
  server.child.kill("SIGTERM")
  const exitCode = await server.ended()
  const tookMs = performance.now() - askedAt
  clearInterval(flood)
  isOver = true
  await sending

  expect(exitCode).toBe(0)
  expect(tookMs).toBeLessThan(promisedMs)
  expect([reader.code(), sender.code()]).toEqual([1012, 1012])
  await events.ended
  const stored = storedIn(folder.path)
  expect(new Set(stored).size).toBe(stored.length)
  const lost = new Set([...sender.stored, ...byForm]).difference(new Set(stored))
  expect([...lost]).toEqual([])
  expect(stored.filter((id) => !sent.has(id))).toEqual([])
  expect(server.said()).not.toContain("error")
})

test("a second signal ends the server at once", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  await beginRequest(server)

  server.child.kill("SIGTERM")
  await until("it is stopping", () => server.said().includes("Stopping"))
  expect(server.child.exitCode).toBeNull() // or it had ended after the first one
  server.child.kill("SIGINT")

  // Had it waited for the request, it would end with 0.
  expect(await server.ended()).toBe(1)
})

test("a copy of the first signal is not a second one", () => {
  let ms = 5
  const kindOf = stopSignals(() => ms)

  // `npx` passes on at once what the terminal has sent to all processes.
  expect(kindOf("SIGINT")).toBe("first")
  ms += 999
  expect(kindOf("SIGINT")).toBe("copy")
  expect(kindOf("SIGTERM")).toBe("second")
  ms += 1
  expect(kindOf("SIGINT")).toBe("second")
})

test("a request that never finishes delays the end by at most ten seconds", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  await beginRequest(server)

  const askedAt = performance.now()
  server.child.kill("SIGTERM")
  await server.ended()

  expect(performance.now() - askedAt).toBeLessThan(promisedMs)
})

test("a draining server is unready and serves everything, until it closes its sockets", async () => {
  using folder = temporaryFolder()
  // Longer than what is done meanwhile takes.
  using server = await startProcess(folder.path, { DRAIN_SECONDS: "8" })
  const alice = await Program.signIn(server.origin, "alice")
  const early = await connect(server, alice)
  const health = () => fetch(`${server.origin}/health`)
  expect((await health()).status).toBe(200)

  const askedAt = performance.now()
  server.child.kill("SIGTERM")
  await until("it says that it stops", async () => (await health()).status === 503)

  const late = await connect(server, alice)
  for (const { socket, stored } of [early, late]) {
    socket.send(JSON.stringify({ content: "by socket", id: crypto.randomUUID() }))
    await until("it is stored", () => stored.size === 1)
  }
  expect(await alice.post("by form", crypto.randomUUID())).toBe(201)
  expect([early.code(), late.code()]).toEqual([undefined, undefined])
  expect(await server.ended()).toBe(0)
  expect(performance.now() - askedAt).toBeGreaterThan(7990)
  expect([early.code(), late.code()]).toEqual([1012, 1012])
  expect(storedIn(folder.path)).toHaveLength(3)
})

/** Begins a request and never ends it; resolves once the server has read its beginning, and waits for the rest. */
async function beginRequest(server: ServerProcess): Promise<void> {
  const { hostname, port } = new URL(server.origin)
  const answered = Promise.withResolvers<void>()
  const connection = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data(_, chunk) {
        if (chunk.toString().startsWith("HTTP/1.1 100 ")) answered.resolve()
      },
    },
  })
  const head = [
    "POST /login HTTP/1.1",
    "Host: x",
    "Origin: http://x",
    "Expect: 100-continue",
    "Content-Length: 100",
    "Content-Type: application/x-www-form-urlencoded",
  ]
  connection.write(`${head.join("\r\n")}\r\n\r\nusername=`)
  await answered.promise
}

/** A socket in the seed's room; `stored` collects the ids of confirmed messages. */
async function connect(server: ServerProcess, program: Program) {
  const { serverId, channelId } = await program.room()
  const address = `${server.origin.replace("http", "ws")}/servers/${serverId}/channels/${channelId}/live`
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${program.token}` } } as never)
  const stored = new Set<string>()
  let isLive = false
  let code: number | undefined
  socket.onmessage = ({ data }) => {
    if (!String(data).startsWith("{")) return
    const { type, id } = JSON.parse(String(data))
    if (type === "live") isLive = true
    if (type === "stored") stored.add(id)
  }
  socket.onclose = (event) => {
    code = event.code
  }
  await until("the socket is live", () => isLive)
  return { socket, stored, code: () => code }
}

async function openEvents(server: ServerProcess, program: Program) {
  const { serverId, channelId } = await program.room()
  const answer = await fetch(`${server.origin}/servers/${serverId}/channels/${channelId}/events`, {
    headers: { authorization: `Bearer ${program.token}`, accept: "text/event-stream" },
  })
  return { ended: answer.text().catch(() => "") }
}

function storedIn(folder: string): string[] {
  const sqlite = new Sqlite(join(folder, "chat.db"))
  const rows = sqlite.query<{ id: string }, []>("select id from messages").all()
  sqlite.close()
  return rows.map(({ id }) => id)
}
