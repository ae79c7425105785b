import { Database } from "bun:sqlite"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { addMembers, memberTokenPrefix } from "../members.ts"
import { type RunningServer, startChat, startPeer } from "../servers.ts"
import { fillWorkspace } from "../workspace.ts"
import type { FloorMessage } from "./floor.ts"

/** A server with two rooms, whose pages have the same ids: `room`, `log`, `messages`, `composer-content`. */
export interface Site {
  origin: string
  /** The paths of the room that is measured, and of another one. */
  paths: [string, string]
  /** Signs the browser in. */
  cookies: { name: string; value: string; url: string }[]
  /** The live connections of other people in the measured room. */
  talkers(): WebSocket[]
  /** What such a connection sends to say something. */
  frame(text: string): string
  /** What people say. */
  texts: string[]
  server: RunningServer
}

/** So that the first of twelve rooms, which has a third of them, has 5,000. */
const workspace = { messages: 15_520, members: 200, channels: 12 }
const talkerCount = 5

/** Starts the chat with a room of 5,000 messages, and the floor with the same messages. */
export async function startSites(folder: string): Promise<{ chat: Site; floor: Site }> {
  await fillWorkspace(folder, workspace)
  const { serverId, channels, rooms } = readRooms(folder)
  addMembers(folder, serverId, talkerCount)
  const file = join(folder, "floor.json")
  writeFileSync(file, JSON.stringify(rooms))
  const texts = rooms[0]?.slice(-500).map(({ content }) => content) ?? []
  const [chat, floor] = await Promise.all([startChat(folder), startPeer("../browser/floor.ts", file)])
  const [first = "", second = ""] = channels.map((id) => `/servers/${serverId}/channels/${id}`)
  return {
    chat: await chatSite(chat, { paths: [first, second], texts }),
    floor: floorSite(floor, texts),
  }
}

/** The two rooms of Acme with most messages, before the chat has the database open. */
function readRooms(folder: string) {
  using sqlite = new Database(join(folder, "chat.db"), { readonly: true })
  const { id: serverId } = sqlite.query("select id from servers where name = 'Acme'").get() as { id: string }
  const channels = sqlite
    .query(
      `select channel_id as id, count(*) as count from messages
        where channel_id in (select id from channels where server_id = ? and parent_id is null)
        group by channel_id order by count desc limit 2`,
    )
    .all(serverId) as { id: string }[]
  const inRoom = sqlite.query(
    `select users.username as author, messages.created_at as at, messages.content from messages
      join users on users.id = messages.user_id where channel_id = ? and content <> '' order by position`,
  )
  const rooms = channels.map(({ id }) => inRoom.all(id) as FloorMessage[])
  return { serverId, channels: channels.map(({ id }) => id), rooms }
}

async function chatSite(
  server: RunningServer,
  { paths, texts }: Pick<Site, "paths" | "texts">,
): Promise<Site> {
  const origin = `http://127.0.0.1:${server.port}`
  const response = await fetch(`${origin}/login`, {
    method: "POST",
    headers: { origin },
    body: new URLSearchParams({ username: "alice", password: "password" }),
    redirect: "manual",
  })
  const cookies = response.headers.getSetCookie().map((cookie) => {
    const [name = "", value = ""] = cookie.split(";")[0]?.split("=", 2) ?? []
    return { name, value, url: origin }
  })
  const talkers = () =>
    Array.from({ length: talkerCount }, (_, i) => {
      const headers = { authorization: `Bearer ${memberTokenPrefix}${i}` }
      return new WebSocket(`ws://127.0.0.1:${server.port}${paths[0]}/live`, { headers } as never)
    })
  const frame = (content: string) => JSON.stringify({ content, id: crypto.randomUUID() })
  return { origin, paths, cookies, talkers, frame, texts, server }
}

function floorSite(server: RunningServer, texts: string[]): Site {
  const talkers = () =>
    Array.from({ length: talkerCount }, () => new WebSocket(`ws://127.0.0.1:${server.port}/rooms/0/live`))
  const origin = `http://127.0.0.1:${server.port}`
  return {
    origin,
    paths: ["/rooms/0", "/rooms/1"],
    cookies: [],
    talkers,
    frame: (text) => text,
    texts,
    server,
  }
}

/** Others say so many messages a second in the measured room, until `stop` is called. */
export async function startTalk(site: Site, perSecond: number) {
  const sockets = site.talkers()
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.addEventListener("open", resolve))),
  )
  const startedAt = performance.now()
  let said = 0
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1000
    for (; said < due; said++) {
      sockets[said % sockets.length]?.send(site.frame(site.texts[said % site.texts.length] ?? ""))
    }
  }, 5)
  return {
    count: () => said,
    stop() {
      clearInterval(timer)
      for (const socket of sockets) socket.close()
    },
  }
}
