import { baseline, chat, type RoomContender, startRooms, stopAll } from "../contenders.ts"
import { load } from "../load.ts"
import type { Figures, Part, PreparedPart } from "../run.ts"
import { inFlight, joining } from "./rooms.ts"

/** A room read over streaming HTTP responses, saturated, beside the baseline over WebSocket. */
export const streams = (readers: number): Part =>
  streamPart(readers, {
    name: `streams-${readers}`,
    title: `Server-sent events and streamed HTML, saturated, ${readers.toLocaleString("en")} readers`,
    columns: [
      { name: "deliveries/s", relativeTo: baseline },
      { name: "last receiver p50, ms", digits: 1 },
    ],
    timing: { window: inFlight, seconds: 1.5, warmup: 0.7 },
  })

/** The same at a fixed rate: latency counts from when each message was due. */
export const streamLatency = (readers: number, perSecond: number): Part =>
  streamPart(readers, {
    name: `streams-latency-${readers}`,
    title: `Latency of server-sent events and streamed HTML, ${readers.toLocaleString("en")} readers, ${perSecond} messages a second`,
    columns: [
      { name: "p50, ms", digits: 2, relativeTo: baseline },
      { name: "p99, ms", digits: 2, relativeTo: baseline },
      { name: "last receiver p50, ms", digits: 2, relativeTo: baseline },
    ],
    timing: { rate: perSecond, seconds: 2, warmup: 1 },
  })

type StreamPart = Pick<Part, "name" | "title" | "columns"> & { timing: Record<string, number> }

function streamPart(readers: number, { timing, ...part }: StreamPart): Part {
  return { ...part, rounds: 3, prepare: (folder) => prepareStreams(folder, readers, timing) }
}

/** A cursor after every message, so that the streamed page starts without history. */
const afterAll = 1_000_000_000

async function prepareStreams(
  folder: string,
  readers: number,
  timing: Record<string, number>,
): Promise<PreparedPart> {
  const rooms = await startRooms(folder, readers, [chat, baseline])
  const measure = (name: string, options: Record<string, string | number>) => async (): Promise<Figures> => {
    const room = rooms[name] as RoomContender
    const report = await load("rooms", { ...joining(room), ...timing, ...options }, room)
    await room.server.settled()
    return {
      "deliveries/s": report?.perSecond,
      "p50, ms": report?.p50,
      "p99, ms": report?.p99,
      "last receiver p50, ms": report?.lastP50,
    }
  }
  const live = String(rooms[chat]?.options().path)
  const reading = (path: string, sendPath: string) => ({
    get: 1,
    receivers: readers,
    senders: 1,
    "send-path": sendPath,
    path,
  })
  const events = live.replace(/live$/, "events")
  const stream = live.replace(/live$/, `stream?after=${afterAll}`)
  return {
    contenders: {
      [baseline]: measure(baseline, { receivers: readers - 1, senders: 1 }),
      "Covenant Chat, SSE": measure(chat, reading(events, live)),
      "Covenant Chat, streamed HTML": measure(chat, reading(stream, live)),
      "Bun, SSE batched": measure(baseline, reading("/events", "/")),
    },
    close: () => stopAll(rooms),
  }
}
