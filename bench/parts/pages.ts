import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Program } from "../../tests/support/program.ts"
import { load } from "../load.ts"
import type { Figures, Part } from "../run.ts"
import { type Running, roomOf, startChat, startPeer } from "../servers.ts"
import { acmeRooms, fillWorkspace } from "../workspace.ts"

const plain = "Elysia, a string of the same size"
const bigMessages = 1_000_000
/** More addresses than pages are kept. */
const addresses = 20_000

/** A room's page as browsers ask for it, beside a route that has its string at hand. */
export const pages: Part = {
  name: "pages",
  title: "Room and history pages, 50 messages each, 16 connections",
  note: "Kept: nothing has changed since it was last sent. Made anew: every request is for a page that is not kept, while what it is made from is. While others talk: the same, and twenty times a second somebody writes in another channel, so that what is unread is counted anew. History: at random places of a million messages, which are all read and rendered anew.",
  columns: [
    { name: "requests/s", against: plain },
    { name: "p50, ms", digits: 2 },
    { name: "p99, ms", digits: 2 },
  ],
  rounds: 3,
  async prepare(folder) {
    const server = await startChat(folder)
    // alice's first room, which is found before there is another, and in that one as many people.
    const { alice, path, header } = await roomOf(server)
    await fillWorkspace(folder, { messages: bigMessages, members: 2, channels: 1, plain: true })
    for (let i = 0; i < 50; i++)
      await alice.send(`Message ${i}: enough words to be an ordinary one in a chat`)
    const [big = ""] = await acmeRooms(alice)
    // What she writes there herself is not unread to her: her pages stay as they are.
    const beside = await channelBeside(alice)
    const origin = `http://127.0.0.1:${server.port}`
    const authorization = header.slice("Authorization: ".length)
    const first = await fetch(`${origin}${path}`, {
      headers: { authorization, "accept-encoding": "identity" },
    })
    const etag = first.headers.get("etag")
    const peer = await startPeer("elysia.ts", (await first.text()).length)

    const list = (name: string, paths: string[]) => {
      const file = join(folder, name)
      writeFileSync(file, `${paths.join("\n")}\n`)
      return file
    }
    const many = (one: (i: number) => string) => Array.from({ length: addresses }, (_, i) => one(i))
    const anew = list(
      "anew",
      many((i) => `${path}?n=${i}`),
    )
    const bigAnew = list(
      "big-anew",
      many((i) => `${big}?n=${i}`),
    )
    const random = () => Math.ceil(Math.random() * bigMessages)
    const history = list(
      "history",
      many(() => `${big}?before=${random()}`),
    )

    const others = async (asked: Promise<Figures>) => {
      const talk = setInterval(() => say(server, beside, authorization), 50)
      return asked.finally(() => clearInterval(talk))
    }
    const ask = (options: Record<string, string | number>) => async (): Promise<Figures> => {
      const result = await load("pages", { port: server.port, header, seconds: 2, warmup: 0.5, ...options })
      return { "requests/s": result?.perSecond, "p50, ms": result?.p50, "p99, ms": result?.p99 }
    }
    return {
      contenders: {
        [plain]: ask({ port: peer.port, path: "/page" }),
        "room page, kept": ask({ path }),
        "room page, unchanged (304)": ask({
          path,
          status: 304,
          header: `${header}\r\nIf-None-Match: ${etag}`,
        }),
        "room page, made anew": ask({ paths: anew }),
        "the same while others talk": () => others(ask({ paths: anew })()),
        "room page of a million messages, made anew": ask({ paths: bigAnew }),
        "history page, random": ask({ paths: history }),
      },
      close() {
        server.stop()
        peer.stop()
      },
    }
  },
}

/** The address of another channel of the same server. */
async function channelBeside(alice: Program): Promise<string> {
  const { serverId } = await alice.room()
  const { id } = await alice.call<{ id: string }>("createChannel", { serverId, name: "beside" })
  return `/servers/${serverId}/channels/${id}`
}

async function say({ port }: Running, path: string, authorization: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}/messages`, {
    method: "POST",
    headers: { authorization, accept: "application/json" },
    body: new URLSearchParams({ content: "Something else" }),
  })
  await answer.arrayBuffer()
}
