import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { holdConnections, load } from "../load.ts"
import { memberHeader, signInMembers } from "../members.ts"
import { randomHistoryPath, writePathList } from "../path-list.ts"
import { type RunningServer, roomOf, startChat } from "../servers.ts"
import { acmeRoomPaths, fillWorkspace } from "../workspace.ts"
import { type CpuProfile, formatHottest } from "./hottest.ts"

const folder = join(import.meta.dir, "../../data/bench/profiles")
const seconds = 6
const messages = 20_000
const members = 3000
const anyShare = { anyShare: true }

type ProfiledRoom = Awaited<ReturnType<typeof joinRoom>>

/** The hot paths by name, each with the load under which the server is profiled. */
const hotPaths: Record<string, (room: ProfiledRoom) => Promise<unknown>> = {
  "fan-out": ({ live, talk }) => load("rooms", { ...live, ...talk, receivers: 999 }, anyShare),
  sse: ({ live, talk, path }) => {
    const reading = { receivers: 1000, get: 1, path: `${path}/events`, "send-path": live.path }
    return load("rooms", { ...live, ...talk, ...reading }, anyShare)
  },
  sends: ({ live }) =>
    load("rooms", { ...live, confirm: '"stored"', senders: 64, seconds }, { mayMisorder: true, ...anyShare }),
  "page-cached": ({ page, path }) => load("pages", { ...page, path }, anyShare),
  "page-uncached": ({ page, path, list }) =>
    load("pages", { ...page, paths: list((i) => `${path}?n=${i}`) }, anyShare),
  history: ({ page, path, list }) =>
    load("pages", { ...page, paths: list(() => randomHistoryPath(path, messages)) }, anyShare),
  accept: async ({ live }) => {
    const held = holdConnections({ ...live, send: undefined, senders: members, ramp: 128 })
    await held.ready
    await held.end()
  },
  reconnect: ({ live, path }) => {
    const behind = `${path}/live?after=${messages - 100}`
    const talk = { senders: members, count: 1, window: 1, seconds: 1 }
    return load("rooms", { ...live, path: behind, ...talk }, { ...anyShare, mayMisorder: true })
  },
}

/**
 * Profiles the server on the hot paths whose names start with one of `names`, or on all, and prints the functions that
 * took most time. Leaves `data/bench/profiles/NAME.cpuprofile`, which browsers' developer tools show as a flame graph.
 * Resolves to `false` when no path has such a name.
 */
export async function profile(names: string[]): Promise<boolean> {
  const selected = Object.entries(hotPaths).filter(
    ([name]) => names.length === 0 || names.some((one) => name.startsWith(one)),
  )
  for (const [name, run] of selected) {
    const databaseFolder = mkdtempSync(join(tmpdir(), "covenant-profile-"))
    try {
      await fillWorkspace(databaseFolder, { messages, members, channels: 1, plain: true })
      signInMembers(databaseFolder, members)
      const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`]
      const server = await startChat(databaseFolder, {}, { flags })
      await run(await joinRoom(server, databaseFolder))
      await server.end()
    } finally {
      rmSync(databaseFolder, { recursive: true, force: true })
    }
    const cpuProfile: CpuProfile = JSON.parse(readFileSync(join(folder, `${name}.cpuprofile`), "utf8"))
    process.stdout.write(`### ${name}\n\n${formatHottest(cpuProfile)}\n`)
  }
  return selected.length > 0
}

/** The load generator's options for the workspace's one room. */
async function joinRoom(server: RunningServer, databaseFolder: string) {
  const { alice, header } = await roomOf(server)
  const [path = ""] = await acmeRoomPaths(alice)
  const { port } = server
  return {
    path,
    live: {
      ...{ port, path: `${path}/live`, header: memberHeader, ready: '"live"' },
      send: '{"content":"%m","id":"%i"}',
    },
    talk: { senders: 1, window: 60, seconds, warmup: 0 },
    page: { port, header, seconds, warmup: 0 },
    list: (pathOf: (i: number) => string) => writePathList(databaseFolder, "paths", pathOf),
  }
}
