import { limit, ours, peers, startRooms, stopAll } from "../contenders.ts"
import { hold, load } from "../load.ts"
import { addPeople, asThemselves } from "../people.ts"
import type { Part } from "../run.ts"
import { roomOf, startChat } from "../servers.ts"

const sockets = 10_000
/** So many connections the kernel holds for Bun until it takes them; who comes beyond that tries again after seconds. */
const backlog = 500

/** Ten thousand who are there and say nothing: how fast they come in, and what each of them costs. */
export const connections: Part = {
  name: "connections",
  title: `${sockets.toLocaleString("en")} idle connections`,
  note: "Memory is resident memory of the process, before and two seconds after all have connected. Ours are each authorized, counted as present and subscribed; the others only open.",
  columns: [
    { name: "accepted/s", against: limit },
    { name: "KB each", digits: 1, against: limit },
    { name: "MB, nobody connected" },
    { name: "MB, all connected" },
  ],
  mayFail: peers,
  rounds: 1,
  async prepare(folder) {
    const rooms = await startRooms(folder, sockets)
    const contenders = Object.fromEntries(
      Object.entries(rooms).map(([name, { server, options }]) => [
        name,
        async () => {
          // What opens a connection may do so once.
          const entering = () => ({ port: server.port, ...options(), send: undefined })
          // The first connections load code: what they cost is paid once.
          await visit({ ...entering(), senders: 1 })
          await Bun.sleep(1000)
          const before = server.memory()
          const held = hold({ ...entering(), senders: sockets, ramp: 128 })
          await held.ready
          await Bun.sleep(2000)
          const after = server.memory()
          const { connectSeconds } = await held.end()
          return {
            "accepted/s": sockets / connectSeconds,
            "KB each": (after - before) / sockets / 1024,
            "MB, nobody connected": before / 1e6,
            "MB, all connected": after / 1e6,
          }
        },
      ]),
    )
    return { contenders, close: () => stopAll(rooms) }
  },
}

async function visit(options: Parameters<typeof hold>[0]): Promise<void> {
  const held = hold(options)
  await held.ready
  await held.end()
}

/** Everyone comes back at once after a restart, each with the cursor they had. */
export const catchUp: Part = {
  name: "catch-up",
  title: `${sockets.toLocaleString("en")} readers come back after a restart, 100 messages behind`,
  note: "From the server's start until every one of them has all 100 messages, in order, and is live. They come 500 at a time, as the kernel holds them for Bun: those beyond it would wait for seconds.",
  columns: [{ name: "seconds", digits: 2 }, { name: "µs of processor each" }, { name: "reads of the log" }],
  rounds: 3,
  async prepare(folder) {
    let server = await startChat(folder)
    const room = await roomOf(server)
    server.stop()
    addPeople(folder, room.serverId, sockets)
    server = await startChat(folder)
    const entering = { path: `${room.path}/live`, header: room.header, ready: '"live"' }
    const comeBack = (header: string) => async () => {
      const cursor = await room.headOn(server)
      const talk = { senders: 1, window: 20, seconds: 1, warmup: 0, count: 100 }
      const send = '{"content":"%m","id":"%i"}'
      await load("rooms", { port: server.port, ...entering, send, ...talk })
      server.stop()
      const startedAt = performance.now()
      server = await startChat(folder)
      const before = server.cpuSeconds()
      const held = hold({
        port: server.port,
        ...entering,
        header,
        path: `${room.path}/live?after=${cursor}`,
        senders: sockets,
        ramp: backlog,
        expect: 100,
      })
      await held.caughtUp
      const seconds = (performance.now() - startedAt) / 1000
      const cpu = server.cpuSeconds() - before
      const reads = await metricOf(server.port, "covenant_replays_total")
      const { lost, doubled, misordered, closed } = await held.end()
      if (lost || doubled || misordered || closed)
        throw new Error(`Not all came back whole: ${JSON.stringify({ lost, doubled, misordered, closed })}`)
      return { seconds, "µs of processor each": (cpu * 1e6) / sockets, "reads of the log": reads }
    }
    return {
      contenders: {
        [ours]: comeBack(room.header),
        [`${ours}, each somebody else`]: comeBack(asThemselves),
      },
      close: () => server.stop(),
    }
  },
}

async function metricOf(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(text.match(new RegExp(`^${name} (\\d+)`, "m"))?.[1])
}
