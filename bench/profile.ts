import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { load } from "./load.ts"
import { roomOf, startChat } from "./servers.ts"
import { acmeRooms, fillWorkspace } from "./workspace.ts"

const folder = join(import.meta.dir, "../data/bench/profiles")

type Room = Awaited<ReturnType<typeof enter>>

/** The hot paths, each by the load that is put on it while the server is watched. */
const paths: Record<string, (room: Room) => Promise<unknown>> = {
  "fan-out": ({ live, talk }) => load("rooms", { ...live, ...talk, receivers: 999 }, anyShare),
  sse: ({ live, talk, path }) =>
    load(
      "rooms",
      { ...live, ...talk, receivers: 1000, get: 1, path: `${path}/events`, "send-path": live.path },
      anyShare,
    ),
  sends: ({ live }) =>
    load("rooms", { ...live, confirm: '"stored"', senders: 64, seconds }, { mayMisorder: true, ...anyShare }),
  "page-kept": ({ page, path }) => load("pages", { ...page, path }, anyShare),
  "page-anew": ({ page, path, list }) =>
    load("pages", { ...page, paths: list((i) => `${path}?n=${i}`) }, anyShare),
  history: ({ page, path, list }) =>
    load(
      "pages",
      { ...page, paths: list(() => `${path}?before=${Math.ceil(Math.random() * messages)}`) },
      anyShare,
    ),
  "coming-back": ({ live, path }) =>
    load(
      "rooms",
      {
        ...live,
        path: `${path}/live?after=${messages - 100}`,
        senders: 3000,
        count: 1,
        window: 1,
        seconds: 1,
      },
      {
        ...anyShare,
        mayMisorder: true,
      },
    ),
}

const seconds = 6
const messages = 20_000
const anyShare = { anyShare: true }

/**
 * Watches the server on the hot paths whose names begin with one of those, or on all, and prints what took its time.
 * Leaves `data/bench/profiles/NAME.cpuprofile`, which browsers' developer tools show as a flame graph.
 * Returns false when there is no such path.
 */
export async function profile(names: string[]): Promise<boolean> {
  const wanted = Object.entries(paths).filter(
    ([name]) => names.length === 0 || names.some((one) => name.startsWith(one)),
  )
  for (const [name, run] of wanted) {
    const own = mkdtempSync(join(tmpdir(), "covenant-profile-"))
    try {
      await fillWorkspace(own, { messages, members: 100, channels: 1, plain: true })
      const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`]
      const server = await startChat(own, {}, flags)
      await run(await enter(server, own))
      await server.end()
    } finally {
      rmSync(own, { recursive: true, force: true })
    }
    const seen: Profile = JSON.parse(readFileSync(join(folder, `${name}.cpuprofile`), "utf8"))
    process.stdout.write(`### ${name}\n\n${hottest(seen)}\n`)
  }
  return wanted.length > 0
}

/** What the loads need to know of a server and its one room. */
async function enter(server: Awaited<ReturnType<typeof startChat>>, own: string) {
  const { alice, header } = await roomOf(server)
  const [path = ""] = await acmeRooms(alice)
  const { port } = server
  return {
    path,
    live: { port, path: `${path}/live`, header, ready: '"live"', send: '{"content":"%m","id":"%i"}' },
    talk: { senders: 1, window: 60, seconds, warmup: 0 },
    page: { port, header, seconds, warmup: 0 },
    /** A file of more addresses than pages are kept. */
    list(one: (i: number) => string) {
      const file = join(own, "addresses")
      writeFileSync(file, `${Array.from({ length: 20_000 }, (_, i) => one(i)).join("\n")}\n`)
      return file
    },
  }
}

/** What Bun writes, as far as it is used: nodes of the tree of calls, and which of them was seen when. */
interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  /** Since the sample before, in microseconds. */
  timeDeltas: number[]
}

/** It looks every millisecond while something runs. After a longer time it had slept: nothing took that time. */
const awakeMicroseconds = 5000
const shown = 20

/** By the time in themselves. */
function hottest({ nodes, samples, timeDeltas }: Profile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url
        ? `${url.replace(/^.*?\/(src|views|node_modules)\//, "$1/")}:${lineNumber + 1}`
        : "Bun"
      return [id, `\`${functionName || "(anonymous)"}\` | ${place}`]
    }),
  )
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? ""
    const time = Math.min(timeDeltas[index] ?? 0, awakeMicroseconds)
    times.set(name, (times.get(name) ?? 0) + time)
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const rows = [...times].toSorted(([, a], [, b]) => b - a).slice(0, shown)
  const lines = rows.map(
    ([name, time]) => `| ${((100 * time) / total).toFixed(1)} % | ${(time / 1000).toFixed(0)} ms | ${name} |`,
  )
  return ["| of all | in itself | function | where |", "|--:|--:|---|---|", ...lines, ""].join("\n")
}
