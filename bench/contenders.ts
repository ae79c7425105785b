import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Running, roomOf, startChat, startPeer } from "./servers.ts"

/** One way of being a room that people are in: how it is started, entered and written to. */
export interface RoomContender {
  server: Running
  /** For the load generator, for the next run. */
  options(): Record<string, string | number | undefined>
  /** Loses the order by itself; counted, and no reason to stop. */
  mayMisorder?: boolean
}

export type Rooms = Record<string, RoomContender>

export const ours = "Covenant Chat"
export const limit = "raw Bun publish"

const startBy: Record<string, (sockets: number, folder: string) => Promise<RoomContender>> = {
  async [ours](_, folder) {
    const server = await startChat(folder)
    const { path, header } = await roomOf(server)
    const send = '{"content":"%m","id":"%i"}'
    return { server, options: () => ({ path: `${path}/live`, header, send, ready: '"live"' }) }
  },
  async [limit]() {
    return { server: await startPeer("bun.ts"), options: () => ({ send: "%m" }) }
  },
  async "Elysia, publish"() {
    return { server: await startPeer("elysia.ts"), options: () => ({ send: "%m" }) }
  },
  async "ws on Node"() {
    return { server: await startPeer("ws.mjs"), options: () => ({ send: "%m" }) }
  },
  async "Socket.IO 4 on Node"() {
    const path = "/socket.io/?EIO=4&transport=websocket"
    const server = await startPeer("socket.io.mjs")
    return { server, options: () => ({ path, hello: "40", ready: "40{", send: '42["m","%m"]' }) }
  },
  async "reference sidekick on Bun"(sockets, folder) {
    // A token opens one connection, so there must be some for each round.
    const tokens = sockets * 4
    const server = await startPeer("sidekick.ts", tokens)
    const hello = join(folder, "hello")
    const lines = Array.from({ length: tokens }, (_, i) => `{"type":"subscribe","token":"t${i}"}`)
    writeFileSync(hello, `${lines.join("\n")}\n`)
    const send = '{"type":"send","token":"t%c","channel":"chat","params":{"room":"1"},"data":"%m"}'
    let offset = -sockets
    const options = () => {
      offset += sockets
      return { path: "/socket", "hello-file": hello, ready: "subscribed", send, offset }
    }
    return { server, options, mayMisorder: true }
  },
}

/** Whom ours is measured beside. */
export const peers = Object.keys(startBy).filter((name) => name !== ours)

/** Starts some of them, or all. `sockets` is how many will be connected. */
export async function startRooms(
  folder: string,
  sockets: number,
  names = Object.keys(startBy),
): Promise<Rooms> {
  const rooms: Rooms = {}
  for (const name of names) {
    const own = join(folder, name.replaceAll(/\W+/g, "-"))
    mkdirSync(own)
    const startOne = startBy[name]
    if (startOne) rooms[name] = await startOne(sockets, own)
  }
  return rooms
}

export function stopAll(rooms: Rooms): void {
  for (const { server } of Object.values(rooms)) server.stop()
}
