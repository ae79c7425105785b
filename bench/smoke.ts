import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { limit, ours, startRooms, stopAll } from "./contenders.ts"
import { buildLoad, canMeasure, load } from "./load.ts"
import { median } from "./run.ts"
import { installPeers, roomOf, startPeer } from "./servers.ts"

/** What the ratios were when they were last recorded, on a quiet machine of two cores. */
const recorded: Record<string, number> = JSON.parse(readFileSync(join(import.meta.dir, "smoke.json"), "utf8"))

const rounds = 3

/** Under a minute: the ratios that matter, beside the recorded ones. Fails only where one has collapsed to half. */
export async function smoke(): Promise<boolean> {
  if (!canMeasure()) {
    process.stdout.write("Nothing was measured: it takes a C compiler, Linux and Node.\n")
    return true
  }
  buildLoad()
  await installPeers()
  const folder = mkdtempSync(join(tmpdir(), "covenant-smoke-"))
  const rooms = await startRooms(folder, 300, [ours, limit])
  const [chat, raw] = [rooms[ours], rooms[limit]]
  if (!chat || !raw) throw new Error("Nothing was started")

  const room = await roomOf(chat.server)
  const page = await (
    await fetch(`http://127.0.0.1:${chat.server.port}${room.path}`, {
      headers: { authorization: room.header.slice("Authorization: ".length) },
    })
  ).text()
  const plain = await startPeer("elysia.ts", page.length)
  const crowd = { receivers: 299, senders: 1, window: 60, seconds: 1.5, warmup: 0.5 }
  const asking = { seconds: 1, warmup: 0.3 }
  const measured: Record<string, (number | null)[]> = {}
  for (let round = 0; round < rounds; round++) {
    const fan = await both(
      () => load("rooms", { port: chat.server.port, ...chat.options(), ...crowd }),
      () => load("rooms", { port: raw.server.port, ...raw.options(), ...crowd }),
    )
    const kept = await both(
      () => load("pages", { port: chat.server.port, path: room.path, header: room.header, ...asking }),
      () => load("pages", { port: plain.port, path: "/page", ...asking }),
    )
    note(measured, "fan-out, 300 sockets, of raw Bun publish", fan)
    note(measured, "room page, kept, of a plain string", kept)
  }
  plain.stop()
  stopAll(rooms)
  rmSync(folder, { recursive: true, force: true })
  return judge(measured)
}

/** A machine too busy to measure on is no reason to fail: what was not measured has not collapsed. */
async function both(one: () => ReturnType<typeof load>, other: () => ReturnType<typeof load>) {
  try {
    const [first, second] = [await one(), await other()]
    return first && second ? first.perSecond / second.perSecond : null
  } catch (error) {
    process.stdout.write(`Not counted: ${error instanceof Error ? error.message : error}\n`)
    return null
  }
}

function note(measured: Record<string, (number | null)[]>, name: string, value: number | null): void {
  measured[name] = [...(measured[name] ?? []), value]
}

function judge(measured: Record<string, (number | null)[]>): boolean {
  const rows = Object.entries(measured).map(([name, values]) => {
    const [now, then] = [median(values), recorded[name] ?? 0]
    // What could not be measured, because the load itself was the limit, has not collapsed.
    const collapsed = now !== null && now < then / 2
    process.stdout.write(
      `${collapsed ? "COLLAPSED" : "ok"}  ${name}: ${now?.toFixed(2) ?? "not measured"} (recorded ${then})\n`,
    )
    return !collapsed
  })
  return rows.every(Boolean)
}
