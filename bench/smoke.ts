import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { limit, ours, type RoomContender, type Rooms, startRooms, stopAll } from "./contenders.ts"
import { buildLoad, canMeasure, type Load, load } from "./load.ts"
import { perSecond, syncing } from "./parts/sends.ts"
import { median } from "./run.ts"
import { installPeers, type Running, roomOf, startPeer } from "./servers.ts"

/** What the ratios were when they were last recorded. */
const recorded: Record<string, number> = JSON.parse(readFileSync(join(import.meta.dir, "smoke.json"), "utf8"))

const rounds = 3
/** A server that had to wait longer for its core, of all the time, or a peer that differs more from itself, tells nothing. */
const maxWaited = 0.25
const maxSpread = 1.6

/** What something costs, in whatever unit both sides are measured in. */
interface Cost {
  cost: number
  /** The share of the time in which it had to wait for other programs. */
  waited: number
}
type Measure = () => Promise<Cost>
type Pair = { mine: Measure; peer: Measure }
interface Finding {
  ratio: number | null
  /** Why it says nothing, where it does not. */
  unfit: string | null
}

/**
 * Under a minute: the ratios that matter, beside the recorded ones. Most compare processor time, which other programs
 * on the machine change little. Fails only where one has collapsed to half, twice, on a machine that could tell.
 */
export async function smoke(): Promise<boolean> {
  if (!canMeasure()) {
    process.stdout.write("Nothing was measured: it takes a C compiler, Linux and Node.\n")
    return true
  }
  buildLoad()
  await installPeers()
  const folder = mkdtempSync(join(tmpdir(), "covenant-smoke-"))
  const rooms = await startRooms(folder, 300, [ours, limit])
  const { pairs, close } = await pairsOf(folder, rooms)
  try {
    const names = Object.keys(pairs)
    for (const { mine, peer } of Object.values(pairs)) await tried([mine, peer])
    const findings = await measured(pairs, names)
    const suspects = names.filter((name) => hasCollapsed(name, findings[name]))
    if (suspects.length > 0) process.stdout.write(`Again, to be sure: ${suspects.join("; ")}\n`)
    const again = await measured(pairs, suspects)
    return names.map((name) => judged(name, again[name] ?? findings[name])).every(Boolean)
  } finally {
    close()
    stopAll(rooms)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pairsOf(
  folder: string,
  rooms: Rooms,
): Promise<{ pairs: Record<string, Pair>; close(): void }> {
  const [chat, raw] = [rooms[ours] as RoomContender, rooms[limit] as RoomContender]
  const { path, header } = await roomOf(chat.server)
  const look = () =>
    fetch(`http://127.0.0.1:${chat.server.port}${path}`, {
      headers: { authorization: header.slice("Authorization: ".length) },
    })
  const plain = await startPeer("elysia.ts", (await (await look()).text()).length)
  const addresses = join(folder, "addresses")
  writeFileSync(addresses, Array.from({ length: 9000 }, (_, i) => `${path}?n=${i}\n`).join(""))
  const sync = syncing(folder)

  const times = { seconds: 0.6, warmup: 0.1 }
  const talk = ({ server, options }: RoomContender, more: Options = {}) =>
    costOf(server, "rooms", { ...options(), ...times, receivers: 299, senders: 1, window: 60, ...more })
  const asked = (more: Options) => costOf(chat.server, "pages", { header, ...times, seconds: 0.4, ...more })
  const page = costOf(plain, "pages", { path: "/page", ...times, seconds: 0.4 })
  const slow = { receivers: 99, rate: 300, window: undefined }
  return {
    pairs: {
      "fan-out to 300 sockets, of raw Bun publish": { mine: talk(chat), peer: talk(raw) },
      "the same by server-sent events": {
        mine: talk(chat, { get: 1, receivers: 300, "send-path": `${path}/live`, path: `${path}/events` }),
        peer: talk(raw),
      },
      "median latency, 100 sockets, of raw Bun publish": {
        mine: talk(chat, slow),
        peer: talk(raw, slow),
      },
      "durable sends of 64, of the disk's syncs": {
        mine: talk(chat, { confirm: '"stored"', senders: 64, receivers: 0 }),
        peer: async () => ({ cost: 1 / perSecond(sync, 0.4), waited: 0 }),
      },
      "room page, kept, of a string by Elysia": { mine: asked({ path }), peer: page },
      "room page, unchanged (304)": {
        // Asked for anew each time: people come and go between the rounds, which the page shows.
        mine: async () => {
          const etag = (await look()).headers.get("etag")
          return asked({ path, status: 304, header: `${header}\r\nIf-None-Match: ${etag}` })()
        },
        peer: page,
      },
      "room page, made anew": { mine: asked({ paths: addresses }), peer: page },
    },
    close: () => plain.stop(),
  }
}

type Options = Record<string, string | number | undefined>

/** What a message or page costs a server: latency at a fixed rate, time where it must wait for the disk, else processor time. */
function costOf(server: Running, mode: "rooms" | "pages", options: Options): Measure {
  return async () => {
    const [cpu, waited, startedAt] = [server.cpuSeconds(), server.waitedSeconds(), performance.now()]
    const result = await load(mode, { port: server.port, ...options }, { anyShare: true, mayMisorder: true })
    const elapsed = (performance.now() - startedAt) / 1000
    return {
      cost: options.rate
        ? (result as Load).p50
        : options.confirm
          ? 1 / (result as Load).perSecond
          : (server.cpuSeconds() - cpu) / (result as Load).settled,
      waited: (server.waitedSeconds() - waited) / elapsed,
    }
  }
}

/** In turns (A B A B …), so that what disturbs the machine disturbs all alike. */
async function measured(pairs: Record<string, Pair>, names: string[]): Promise<Record<string, Finding>> {
  const costs = new Map(names.map((name) => [name, { mine: [] as Cost[], peer: [] as Cost[], failure: "" }]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, found] of costs) {
      const { mine, peer } = pairs[name] as Pair
      const both = await tried([mine, peer])
      if (typeof both === "string") found.failure = both
      else {
        found.mine.push(both[0] as Cost)
        found.peer.push(both[1] as Cost)
      }
    }
  }
  return Object.fromEntries(
    [...costs].map(([name, found]) => [
      name,
      found.failure === "" ? foundOf(found) : { ratio: null, unfit: found.failure },
    ]),
  )
}

/** What was lost or refused on a machine too busy to measure on has not collapsed: the tests are there to find it. */
async function tried(all: Measure[]): Promise<Cost[] | string> {
  try {
    const costs = []
    for (const one of all) costs.push(await one())
    return costs
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function foundOf({ mine, peer }: { mine: Cost[]; peer: Cost[] }): Finding {
  const costs = (side: Cost[]) => side.map(({ cost }) => cost)
  const ratio = (median(costs(peer)) ?? 0) / (median(costs(mine)) ?? 1)
  const waited = median([...mine, ...peer].map((cost) => cost.waited)) ?? 0
  const spread = Math.max(...costs(peer)) / Math.min(...costs(peer))
  if (waited > maxWaited)
    return { ratio, unfit: `waited ${Math.round(waited * 100)} % of the time for the core` }
  if (spread > maxSpread) return { ratio, unfit: `the peer differs from itself by ${spread.toFixed(1)}` }
  return { ratio, unfit: null }
}

function hasCollapsed(name: string, finding: Finding | undefined): boolean {
  return (
    finding !== undefined &&
    finding.ratio !== null &&
    !finding.unfit &&
    finding.ratio < (recorded[name] ?? 0) / 2
  )
}

function judged(name: string, finding: Finding | undefined): boolean {
  const collapsed = hasCollapsed(name, finding)
  const { ratio = null, unfit = null } = finding ?? {}
  const said = `${ratio?.toFixed(2) ?? "not measured"} (recorded ${recorded[name] ?? "never"})`
  const doubt = unfit ? `, not judged: ${unfit}` : ""
  process.stdout.write(`${collapsed ? "COLLAPSED" : "ok"}  ${name}: ${said}${doubt}\n`)
  return !collapsed
}
