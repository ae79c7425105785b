import type { Program } from "../../tests/support/program.ts"
import { load } from "../load.ts"
import { randomHistoryPath, writePathList } from "../path-list.ts"
import type { Figures, Part } from "../run.ts"
import { roomOf, startChat, startPeer } from "../servers.ts"
import { whileTalking } from "../talking.ts"
import { acmeRoomPaths, fillWorkspace } from "../workspace.ts"

const plainRoute = "Elysia, a string of the same size"
const bigRoomMessages = 1_000_000

/** Room and history pages as browsers request them, beside a route that returns a constant string. */
export const pages: Part = {
  name: "pages",
  title: "Room and history pages, 50 messages each, 16 connections",
  note: "Cached: nothing has changed since the last response. Uncached: every request is for a page that is not in the page cache, while its parts are cached. While others talk: the same, and twenty times a second somebody sends a message to another channel, so that unread counts change. History: random places among a million messages; nothing is cached.",
  columns: [
    { name: "requests/s", relativeTo: plainRoute },
    { name: "p50, ms", digits: 2 },
    { name: "p99, ms", digits: 2 },
  ],
  rounds: 3,
  async prepare(folder) {
    const { server, header, path, bigPath, sidePath } = await startFilledChat(folder)
    const authorization = header.slice("Authorization: ".length)
    const headers = { authorization, "accept-encoding": "identity" }
    const first = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers })
    const etag = first.headers.get("etag")
    const peer = await startPeer("elysia.ts", (await first.text()).length)

    const uncached = writePathList(folder, "uncached", (i) => `${path}?n=${i}`)
    const bigUncached = writePathList(folder, "big-uncached", (i) => `${bigPath}?n=${i}`)
    let rounds = 0
    // Other pages in each round: those that were requested before are cached.
    const history = () =>
      writePathList(folder, `history ${++rounds}`, () => randomHistoryPath(bigPath, bigRoomMessages))

    const request = (options: Record<string, string | number>) => async (): Promise<Figures> => {
      const report = await load("pages", { port: server.port, header, seconds: 2, warmup: 0.5, ...options })
      return { "requests/s": report?.perSecond, "p50, ms": report?.p50, "p99, ms": report?.p99 }
    }
    const talk = { port: server.port, path: sidePath, authorization }
    return {
      contenders: {
        [plainRoute]: request({ port: peer.port, path: "/page" }),
        "room page, cached": request({ path }),
        "room page, unchanged (304)": request({
          path,
          status: 304,
          header: `${header}\r\nIf-None-Match: ${etag}`,
        }),
        "room page, uncached": request({ paths: uncached }),
        "the same while others talk": () => whileTalking(talk, request({ paths: uncached })),
        "room page of a million messages, uncached": request({ paths: bigUncached }),
        "history page, random": () => request({ paths: history() })(),
      },
      close() {
        server.stop()
        peer.stop()
      },
    }
  },
}

/** The chat with two rooms of the same size on the page: one of 50 messages, one of a million. */
async function startFilledChat(folder: string) {
  const server = await startChat(folder)
  // Finds alice's first room, so it must come before the workspace is filled.
  const { alice, path, header } = await roomOf(server)
  await fillWorkspace(folder, { messages: bigRoomMessages, members: 2, channels: 1, plain: true })
  for (let i = 0; i < 50; i++) await alice.send(`Message ${i}: enough words to be an ordinary one in a chat`)
  const [bigPath = ""] = await acmeRoomPaths(alice)
  // Her own messages are not unread to alice, so her pages stay as they are.
  const sidePath = await createSideChannel(alice)
  return { server, header, path, bigPath, sidePath }
}

/** Creates another channel of the same server and returns its path. */
async function createSideChannel(alice: Program): Promise<string> {
  const { serverId } = await alice.room()
  const { id } = await alice.call<{ id: string }>("createChannel", { serverId, name: "beside" })
  return `/servers/${serverId}/channels/${id}`
}
