import { expect, setDefaultTimeout, test } from "bun:test"
import { until } from "../support/listen.ts"
import { type ServerProcess, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"
import { openTap, type Tap } from "../support/tap.ts"

// Tens of megabytes pass here, and a real server starts.
setDefaultTimeout(120_000)

const messages = 12_000
const content = "x".repeat(1800)
/**
 * Without anyone who stopped it grows by 160 MB: pages of the database, rendered messages. If each of 42 were kept
 * what it does not read it would be 1 GB more.
 */
const maxGrowthBytes = 320 * 1024 * 1024

test("readers that stop reading are disconnected, cost bounded memory, delay nobody, and resume by their cursor", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  const bob = await Program.signIn(server.origin, "bob")
  const [reader, sender] = [await openTap(bob, "live"), await openSender(alice)]
  await sender.send(200)
  const kinds = ["live", "events", "stream"] as const
  const stopped = await Promise.all(
    kinds.flatMap((kind) => Array.from({ length: 14 }, () => openTap(bob, kind))),
  )
  await until("all of them read", async () => {
    const { ws, sse, stream } = await connectionsOf(server)
    return ws === 16 && sse === 14 && stream === 14
  })
  const before = await measured(server, "process_resident_memory_bytes")
  for (const tap of stopped) tap.pause()

  const first = stopped[0] as Tap
  const [closeCode] = await Promise.all([closeCodeOnceCut(server, first), sender.send(messages)])

  // Of the others nobody waited for them: all was confirmed, and the reader has it.
  await until("the reader has it all", () => reader.seq() === messages + 200, 20_000)
  expect(reader.isEnded()).toBe(false)
  expect(closeCode).toBe(1013)
  // The stopped ones were let go while they were stopped, and nothing is kept for them.
  const { ws, sse, stream } = await connectionsOf(server)
  expect({ ws, sse, stream }).toEqual({ ws: 2, sse: 0, stream: 0 })
  for (const transport of ["ws", "sse", "stream"]) {
    expect(await measured(server, `covenant_slow_readers_total{transport="${transport}"}`)).toBe(14)
  }
  const grown = (await measured(server, "process_resident_memory_bytes")) - before
  expect(grown).toBeLessThan(maxGrowthBytes)

  // Who reads on gets what the system still has for it.
  for (const tap of stopped) tap.resume()
  for (const [index, tap] of stopped.entries()) {
    await until(`reader ${index} has ended`, () => tap.isEnded() || isOver(tap), 15_000)
    expect(tap.seq()).toBeGreaterThan(0)
    expect(tap.seq()).toBeLessThan(messages)
  }

  // With its cursor it comes back to where the others are; so does one that missed little.
  for (const kind of kinds) {
    for (const cursor of [first.seq(), messages + 100]) {
      const back = await openTap(bob, kind, cursor)
      await until(`it is up to date by ${kind}`, () => back.seq() === messages + 200)
      back.close()
    }
  }
})

test("a client that sends and never reads the answers is disconnected too", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  const tap = await openTap(alice, "live")
  await until("it is live", () => tap.received().includes('{"type":"live"}'))
  tap.pause()

  // Refused ones: they cost nothing but their answers, which name what they answer.
  const frame = maskedText(JSON.stringify({ content: "", id: "i".repeat(4000) }))
  for (let sent = 0; sent < 4000 && !(await isClosed()); sent++) await tap.write(frame)

  await until("it is cut off", isClosed, 10_000)
  async function isClosed() {
    return (await connectionsOf(server)).ws === 0
  }
})

/** A socket of alice's that sends, a limited number at a time. */
async function openSender(program: Program) {
  const { serverId, channelId } = await program.room()
  const address = `${program.origin.replace("http", "ws")}/servers/${serverId}/channels/${channelId}/live`
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${program.token}` } } as never)
  const waiting = new Map<string, () => void>()
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (!String(data).startsWith("{")) return
      const { type, id } = JSON.parse(String(data))
      if (type === "live") resolve()
      waiting.get(id)?.()
      waiting.delete(id)
    }
  })
  const one = (text: string) =>
    new Promise<void>((resolve) => {
      const id = crypto.randomUUID()
      waiting.set(id, resolve)
      socket.send(JSON.stringify({ content: text, id }))
    })
  return {
    async send(count: number) {
      for (let sent = 0; sent < count; sent += 50)
        await Promise.all(Array.from({ length: 50 }, () => one(content)))
    },
  }
}

/** The code with which a stopped socket is closed. It reads on at once: after some seconds Bun drops what waits for it. */
async function closeCodeOnceCut(server: ServerProcess, tap: Tap) {
  const cut = () => measured(server, `covenant_slow_readers_total{transport="ws"}`)
  await until("all stopped sockets are cut off", async () => (await cut()) === 14, 60_000)
  tap.resume()
  await until("it has ended", tap.isEnded)
  return tap.closeCode()
}

/** The end of a chunked answer, after which the connection may stay open. */
function isOver(tap: Tap): boolean {
  return tap.received().endsWith("0\r\n\r\n")
}

async function connectionsOf(server: ServerProcess) {
  const of = (transport: string) => measured(server, `covenant_connections{transport="${transport}"}`)
  return { ws: await of("ws"), sse: await of("sse"), stream: await of("stream") }
}

async function measured({ origin }: ServerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}

/** A frame as a client must send it (RFC 6455, 5.2), masked with zeros. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0])
  return Buffer.concat([head, payload])
}
