import { type BigServer, fillBigServer, visitorHeader } from "../big-server.ts"
import { load } from "../load.ts"
import { writePathList } from "../path-list.ts"
import type { Figures, Part } from "../run.ts"
import { roomOf, startChat } from "../servers.ts"
import { say, whileTalking } from "../talking.ts"

const plain: BigServer = { members: 10_000, channels: 500, roles: 0, ownRoles: 0, overwrites: 0 }
const withRoles: BigServer = { ...plain, roles: 250, ownRoles: 10, overwrites: 1000 }
const messages = 50

const without = "without roles"

/** What roles cost a page: the same room in two servers that differ only in them. */
export const roles: Part = {
  name: "roles",
  title: "Room page in a server of 10,000 members and 500 channels, 16 connections",
  note: "With roles: 250 roles, of which the viewer has 10, and 1,000 overwrites. Every request is for a page that is not in the page cache, while its parts are cached. While others talk: the same, and twenty times a second somebody sends a message to another channel, so that the sidebar is read again.",
  columns: [
    { name: "requests/s", relativeTo: without },
    { name: "p50, ms", digits: 2 },
    { name: "p99, ms", digits: 2 },
  ],
  rounds: 3,
  async prepare(folder) {
    const { server, paths, sidePaths, authorization } = await startBigServers(folder)
    const [plainPath = "", rolesPath = ""] = paths
    const request = (name: string, path: string) => {
      const list = writePathList(folder, name, (i) => `${path}?n=${i}`)
      return async (): Promise<Figures> => {
        const options = { port: server.port, header: visitorHeader, paths: list, seconds: 2, warmup: 0.5 }
        const report = await load("pages", options)
        return { "requests/s": report?.perSecond, "p50, ms": report?.p50, "p99, ms": report?.p99 }
      }
    }
    const whileOthersTalk = (path: string, measure: () => Promise<Figures>) => () =>
      whileTalking({ port: server.port, path, authorization }, measure)
    const [plainSide = "", rolesSide = ""] = sidePaths
    return {
      contenders: {
        [without]: request("plain", plainPath),
        "with roles": request("roles", rolesPath),
        "without roles, while others talk": whileOthersTalk(plainSide, request("plain-talk", plainPath)),
        "with roles, while others talk": whileOthersTalk(rolesSide, request("roles-talk", rolesPath)),
      },
      close: () => server.stop(),
    }
  },
}

/** The chat with two servers of alice that differ in their roles; each has a room with messages. */
async function startBigServers(folder: string) {
  const first = await startChat(folder)
  const { alice } = await roomOf(first)
  const ids: string[] = []
  for (const name of ["Plain", "Roles"]) {
    ids.push((await alice.call<{ id: string }>("createServer", { name })).id)
  }
  await first.end()
  const [plainId = "", rolesId = ""] = ids
  fillBigServer(folder, plainId, plain)
  fillBigServer(folder, rolesId, withRoles)

  const server = await startChat(folder)
  const { header } = await roomOf(server)
  const authorization = header.slice("Authorization: ".length)
  const pathOf = (serverId: string, channel: number) => `/servers/${serverId}/channels/${serverId}-${channel}`
  const paths = ids.map((id) => pathOf(id, 0))
  for (const path of paths) {
    for (let i = 0; i < messages; i++) {
      const content = `Message ${i}: enough words to be an ordinary one in a chat`
      await say({ port: server.port, path, authorization, content })
    }
  }
  return { server, paths, sidePaths: ids.map((id) => pathOf(id, 1)), authorization }
}
