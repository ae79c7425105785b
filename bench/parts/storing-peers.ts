import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { chat } from "../contenders.ts"
import { type LoadOptions, load } from "../load.ts"
import { memberTokenPrefix } from "../members.ts"
import type { Figures, Part, PreparedPart } from "../run.ts"
import { type RunningServer, startPeopledChat } from "../servers.ts"
import { entering, installXmppServers, lastFifty, ownMessage, saying, xmppServers } from "../xmpp-servers.ts"
import { inFlight } from "./rooms.ts"

const sockets = 100
const manySenders = 64
const perSecond = 100
const joins = 30
/** More than there are at once. */
const maxPeople = 1000

/** A server that stores messages, with a room that people are in. */
interface StoringServer {
  server: RunningServer
  /** Options of the load generator to enter the room, and to send there, for the next run. */
  entering(): LoadOptions
  /** The word by which a sender knows that its message is stored. */
  confirm: string
  /** Enters as somebody who is not connected yet, and reads the last fifty messages. */
  join(person: number): Promise<void>
}

/** The chat beside servers that store messages, too: all start in one room, under the same load. */
export const storingPeers: Part = {
  name: "storing-peers",
  title: `Beside peers that store: a room of ${sockets}`,
  note: "Covenant Chat and SQLite sync each commit before anybody sees the message; the chat commits what arrived in one turn of its event loop together. Prosody's files and ejabberd's Mnesia, which both use by default, are written without a sync. Joining: connecting, signing in (XMPP: ANONYMOUS), entering the room and reading the last fifty messages (XMPP: from the archive).",
  columns: [
    { name: "deliveries/s, saturated", relativeTo: chat },
    { name: "µs of processor each", digits: 1, relativeTo: chat },
    { name: `durable sends/s, ${manySenders} senders`, relativeTo: chat },
    { name: "1 sender", relativeTo: chat },
    { name: `at ${perSecond} messages/s: p50, ms`, digits: 2 },
    { name: "p99, ms", digits: 2 },
    { name: "join with the last 50, ms", digits: 1 },
    { name: "processor for it, ms", digits: 1 },
    { name: "MB" },
  ],
  mayFail: Object.keys(xmppServers),
  rounds: 3,
  async prepare(folder): Promise<PreparedPart> {
    const servers: Record<string, StoringServer> = { [chat]: await startStoringChat(folder) }
    const stop = () => Object.values(servers).forEach(({ server }) => void server.stop())
    const isInstalled = installXmppServers()
    if (!isInstalled) process.stderr.write("  Prosody and ejabberd cannot be installed here: left out\n")
    for (const [name, start] of Object.entries(isInstalled ? xmppServers : {})) {
      const ownFolder = join(folder, name.replaceAll(/\W+/g, "-"))
      mkdirSync(ownFolder)
      const server = await start(ownFolder).catch(() => null)
      if (server) servers[name] = xmppRoom(server, ownFolder)
      else process.stderr.write(`  ${name} did not start: left out\n`)
    }
    const contenders = Object.fromEntries(
      Object.entries(servers).map(([name, server]) => [name, () => measure(server)]),
    )
    return { contenders, close: stop }
  },
}

async function startStoringChat(folder: string): Promise<StoringServer> {
  const ownFolder = join(folder, "chat")
  mkdirSync(ownFolder)
  const { server, path, header } = await startPeopledChat(ownFolder, sockets + joins)
  const enter = async (person: number) => {
    const headers = { authorization: `Bearer ${memberTokenPrefix}${person}` }
    const page = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers })
    await page.text()
    await dialogue(new WebSocket(`ws://127.0.0.1:${server.port}${path}/live`, { headers } as never), [
      "",
      '"live"',
    ])
  }
  return {
    server,
    entering: () => ({
      port: server.port,
      path: `${path}/live`,
      header,
      ready: '"live"',
      send: '{"content":"%m","id":"%i"}',
    }),
    confirm: '"stored"',
    join: enter,
  }
}

function xmppRoom(server: RunningServer & { path: string }, folder: string): StoringServer {
  const { port, path } = server
  const steps = join(folder, "steps")
  writeFileSync(steps, `${entering.join("\n")}\n`)
  const header = "Sec-WebSocket-Protocol: xmpp"
  let offset = 0
  return {
    server,
    entering() {
      // Under other names: those who have just left may be there for a moment longer.
      offset += maxPeople
      // A few at a time: each is told of all who are there.
      return { port, path, header, steps, send: saying, ramp: 16, offset }
    },
    confirm: ownMessage,
    join(person) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { protocols: ["xmpp"] } as never)
      return dialogue(
        socket,
        [...entering, ...lastFifty].map((text) => text.replace("%c", String(person))),
      )
    },
  }
}

/** Says each line, after the word that answers the one before. */
function dialogue(socket: WebSocket, [line, word, ...rest]: string[]): Promise<void> {
  let [awaited, next] = [word, rest]
  return new Promise((resolve, reject) => {
    socket.onopen = () => line && socket.send(line)
    socket.onclose = () => reject(new Error("The connection was closed"))
    socket.onmessage = ({ data }) => {
      if (!awaited || !String(data).includes(awaited)) return

      const [text, answer, ...others] = next
      if (text === undefined) {
        resolve()
        return socket.close()
      }
      ;[awaited, next] = [answer, others]
      socket.send(text)
    }
  })
}

async function measure({ server, entering, confirm, join }: StoringServer): Promise<Figures> {
  const cpuBefore = server.cpuSeconds()
  const saturated = { receivers: sockets - 1, senders: 1, window: inFlight, seconds: 3, warmup: 1 }
  const fanOut = await load("rooms", { ...entering(), ...saturated }, { server })
  const cpu = server.cpuSeconds() - cpuBefore
  const confirmed = { confirm, seconds: 2, warmup: 0.5 }
  // Another order than that of sending is no fault between senders.
  const sends = (senders: number) =>
    load("rooms", { ...entering(), ...confirmed, senders }, { mayMisorder: true })
  const [many, one] = [await sends(manySenders), await sends(1)]
  const rated = { receivers: sockets - 1, senders: 1, rate: perSecond, seconds: 3, warmup: 1 }
  const latency = await load("rooms", { ...entering(), ...rated })
  const joined = await measureJoins(server, join)
  return {
    "deliveries/s, saturated": fanOut?.perSecond,
    "µs of processor each": fanOut && (cpu * 1e6) / fanOut.settled,
    [`durable sends/s, ${manySenders} senders`]: many?.perSecond,
    "1 sender": one?.perSecond,
    [`at ${perSecond} messages/s: p50, ms`]: latency?.p50,
    "p99, ms": latency?.p99,
    ...joined,
    MB: server.memory() / 1e6,
  }
}

async function measureJoins(server: RunningServer, join: StoringServer["join"]): Promise<Figures> {
  const cpuBefore = server.cpuSeconds()
  const times: number[] = []
  for (let i = 0; i < joins; i++) {
    const startedAt = performance.now()
    await join(sockets + i)
    times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  const cpu = server.cpuSeconds() - cpuBefore
  return { "join with the last 50, ms": times[joins / 2], "processor for it, ms": (cpu * 1000) / joins }
}
