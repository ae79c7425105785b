import { baseline, chat, type RoomContender, type Rooms } from "../contenders.ts"
import type { LoadOptions } from "../load.ts"
import { diskSync, ratePerSecond } from "../parts/sends.ts"
import { writePathList } from "../path-list.ts"
import { type RunningServer, roomOf, startPeer } from "../servers.ts"
import { type CostPair, costOf, type Measure } from "./cost.ts"

const roomTimes = { seconds: 0.6, warmup: 0.1 }
const pageTimes = { seconds: 0.4, warmup: 0.1 }
const diskSeconds = 0.4

export interface CostPairs {
  pairs: Record<string, CostPair>
  close(): void
}

/** All pairs by name. The names are keys of recorded.json. */
export async function startPairs(folder: string, rooms: Rooms): Promise<CostPairs> {
  const ours = rooms[chat] as RoomContender
  const { path, header } = await roomOf(ours.server)
  const fetchPage = pageFetcher(ours.server, path, header)
  const peer = await startPeer("elysia.ts", (await (await fetchPage()).text()).length)

  const page = (more: LoadOptions) => costOf(ours.server, "pages", { header, ...pageTimes, ...more })
  const peerPage = costOf(peer, "pages", { path: "/page", ...pageTimes })
  const unchanged: Measure = async () => {
    // Presence on the page changes between rounds, so each round needs the current tag.
    const etag = (await fetchPage()).headers.get("etag")
    return page({ path, status: 304, header: `${header}\r\nIf-None-Match: ${etag}` })()
  }
  const distinctPaths = writePathList(folder, "paths", (i) => `${path}?n=${i}`)
  return {
    pairs: {
      ...roomPairs(folder, rooms, path),
      "room page, cached, relative to a string by Elysia": { chat: page({ path }), peer: peerPage },
      "room page, unchanged (304)": { chat: unchanged, peer: peerPage },
      "room page, uncached": { chat: page({ paths: distinctPaths }), peer: peerPage },
    },
    close: () => peer.stop(),
  }
}

function roomPairs(folder: string, rooms: Rooms, path: string): Record<string, CostPair> {
  const [ours, raw] = [rooms[chat] as RoomContender, rooms[baseline] as RoomContender]
  const sync = diskSync(folder)
  const talk = ({ server, options }: RoomContender, more: LoadOptions = {}) =>
    costOf(server, "rooms", {
      ...options(),
      ...roomTimes,
      receivers: 299,
      senders: 1,
      window: 60,
      ...more,
    })
  const fixedRate = { receivers: 99, rate: 300, window: undefined }
  const events = { get: 1, receivers: 300, "send-path": `${path}/live`, path: `${path}/events` }
  return {
    "fan-out to 300 sockets, relative to raw Bun publish": { chat: talk(ours), peer: talk(raw) },
    "the same by server-sent events": { chat: talk(ours, events), peer: talk(raw) },
    "median latency, 100 sockets, relative to raw Bun publish": {
      chat: talk(ours, fixedRate),
      peer: talk(raw, fixedRate),
    },
    "durable sends, 64 senders, relative to the disk's syncs": {
      chat: talk(ours, { confirm: '"stored"', senders: 64, receivers: 0 }),
      peer: async () => ({ cost: 1 / ratePerSecond(sync, diskSeconds), waited: 0 }),
    },
  }
}

function pageFetcher({ port }: RunningServer, path: string, header: string): () => Promise<Response> {
  const authorization = header.slice("Authorization: ".length)
  return () => fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } })
}
