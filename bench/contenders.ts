import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type RunningServer, startPeer, startPeopledChat } from "./servers.ts"

/** A server with a chat room, and the load generator's options to join it and to send. */
export interface RoomContender {
  server: RunningServer
  /** Options for the next run. */
  options(): Record<string, string | number | undefined>
  /** Set for a server that reorders messages by itself: this is counted but does not fail the benchmark. */
  mayMisorder?: boolean
}

export type Rooms = Record<string, RoomContender>

export const chat = "Covenant Chat"
/** The upper bound: Bun's own publish without storing, rendering or checking anything. */
export const baseline = "raw Bun publish"

const starters: Record<string, (sockets: number, folder: string) => Promise<RoomContender>> = {
  // Beside the sockets that read there is one that sends.
  [chat]: (sockets, folder) => startChatRoom(folder, sockets + 1),
  async [baseline]() {
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
  "reference sidekick on Bun": startReferenceSidekick,
}

/** Starts the chat with a room of that many people, of whom some may have a device that accepts push. */
export async function startChatRoom(
  folder: string,
  people: number,
  withPush?: number,
): Promise<RoomContender> {
  const { server, path, header } = await startPeopledChat(folder, people, withPush)
  const send = '{"content":"%m","id":"%i"}'
  return { server, options: () => ({ path: `${path}/live`, header, send, ready: '"live"' }) }
}

/** A token opens one connection, so the sidekick needs new ones for every round. */
const maxRounds = 4

async function startReferenceSidekick(sockets: number, folder: string): Promise<RoomContender> {
  const tokens = sockets * maxRounds
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
}

/** All contenders but the chat. */
export const peers = Object.keys(starters).filter((name) => name !== chat)

/** Starts the named contenders, or all. `sockets` is the number of connections of each round. */
export async function startRooms(
  folder: string,
  sockets: number,
  names = Object.keys(starters),
): Promise<Rooms> {
  const rooms: Rooms = {}
  for (const name of names) {
    const ownFolder = join(folder, name.replaceAll(/\W+/g, "-"))
    mkdirSync(ownFolder)
    const startRoom = starters[name]
    if (startRoom) rooms[name] = await startRoom(sockets, ownFolder)
  }
  return rooms
}

export function stopAll(rooms: Rooms): void {
  for (const { server } of Object.values(rooms)) server.stop()
}
