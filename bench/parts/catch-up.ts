import { chat } from "../contenders.ts"
import { holdConnections, load } from "../load.ts"
import { addMembers, makeSessionsDue, memberHeader } from "../members.ts"
import type { Part } from "../run.ts"
import { type RunningServer, roomOf, startChat } from "../servers.ts"

const readers = 10_000
const missed = 100
/** The kernel's queue of connections for Bun holds about this many; further ones retry after seconds. */
const backlog = 500

/** All readers reconnect at once after a restart, each with its cursor. */
export const catchUp: Part = {
  name: "catch-up",
  title: `${readers.toLocaleString("en")} people reconnect after a restart, ${missed} messages behind`,
  note: "From the server's start until every reader has all missed messages, in order, and is live. They connect 500 at a time, as many as the kernel queues for Bun: further ones would wait for seconds. Sessions that are due are renewed by their first use.",
  columns: [{ name: "seconds", digits: 2 }, { name: "µs of processor each" }, { name: "reads of the log" }],
  rounds: 3,
  async prepare(folder) {
    let server = await startChat(folder)
    const room = await roomOf(server)
    server.stop()
    addMembers(folder, room.serverId, readers)
    server = await startChat(folder)
    const live = { path: `${room.path}/live`, header: memberHeader, ready: '"live"' }

    const reconnect = async (beforeStart: () => void) => {
      const cursor = await room.headOn(server)
      await sendMissed(server, live)
      await server.end()
      beforeStart()
      const startedAt = performance.now()
      server = await startChat(folder)
      const path = `${live.path}?after=${cursor}`
      return measureCatchUp(server, { ...live, path }, startedAt)
    }
    return {
      contenders: {
        [chat]: () => reconnect(() => {}),
        [`${chat}, all sessions due`]: () => reconnect(() => makeSessionsDue(folder)),
      },
      close: () => server.stop(),
    }
  },
}

type Joining = Record<"path" | "header" | "ready", string>

async function sendMissed({ port }: RunningServer, live: Joining): Promise<void> {
  const talk = { senders: 1, window: 20, seconds: 1, warmup: 0, count: missed }
  await load("rooms", { port, ...live, send: '{"content":"%m","id":"%i"}', ...talk })
}

async function measureCatchUp(server: RunningServer, joining: Joining, startedAt: number) {
  const before = server.cpuSeconds()
  const options = { port: server.port, ...joining, senders: readers, ramp: backlog, expect: missed }
  const held = holdConnections(options)
  await held.caughtUp
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = server.cpuSeconds() - before
  const reads = await metricOf(server.port, "covenant_replays_total")
  const { lost, duplicated, misordered, closed } = await held.end()
  if (lost || duplicated || misordered || closed) {
    const errors = JSON.stringify({ lost, duplicated, misordered, closed })
    throw new Error(`Not all readers have all messages: ${errors}`)
  }
  return { seconds, "µs of processor each": (cpu * 1e6) / readers, "reads of the log": reads }
}

async function metricOf(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(text.match(new RegExp(`^${name} (\\d+)`, "m"))?.[1])
}
