import { brotliDecompressSync } from "node:zlib"
import { ours } from "../contenders.ts"
import type { Part } from "../run.ts"
import { roomOf, startChat } from "../servers.ts"

/** From nothing to an answer, and what a browser loads at its first visit. */
export const start: Part = {
  name: "start",
  title: "Cold start and first visit",
  note: "Until /health answers, on a database that exists, and until someone signed in has a room's page; memory two seconds later. Weight and requests: a room of 50 messages with all files its page names, as sent to a browser that takes compressed answers.",
  columns: [
    { name: "ms to healthy" },
    { name: "ms to a page" },
    { name: "MB idle" },
    { name: "KB over the wire", digits: 1 },
    { name: "requests" },
  ],
  rounds: 5,
  async prepare(folder) {
    const first = await startChat(folder)
    const { alice, path, header } = await roomOf(first)
    for (let i = 0; i < 50; i++)
      await alice.send(`Message ${i}: enough words to be an ordinary one in a chat`)
    first.stop()
    const authorization = header.slice("Authorization: ".length)
    return {
      contenders: {
        [ours]: async () => {
          const startedAt = performance.now()
          // As it is started where it is used: there nobody is made.
          const server = await startChat(folder, { SEED: "false" })
          const healthy = performance.now() - startedAt
          await (await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { authorization } })).text()
          const page = performance.now() - startedAt
          await Bun.sleep(2000)
          const memory = server.memory() / 1e6
          const { bytes, requests } = await visit(server.port, path, authorization)
          server.stop()
          return {
            "ms to healthy": healthy,
            "ms to a page": page,
            "MB idle": memory,
            "KB over the wire": bytes / 1024,
            requests,
          }
        },
      },
      close: () => {},
    }
  },
}

/** Everything a browser loads: the page, what it links, and the modules that those import. */
async function visit(port: number, path: string, authorization: string) {
  const sizes = new Map<string, number>()
  const fetchOnce = async (address: string): Promise<void> => {
    if (sizes.has(address)) return
    sizes.set(address, 0)
    const answer = await fetch(`http://127.0.0.1:${port}${address}`, {
      headers: { authorization, "accept-encoding": "gzip, br" },
      decompress: false,
    })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    sizes.set(address, bytes.length)
    for (const next of named(textOf(bytes, answer.headers.get("content-encoding")), address))
      await fetchOnce(next)
  }
  await fetchOnce(path)
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), requests: sizes.size }
}

function textOf(bytes: Uint8Array<ArrayBuffer>, encoding: string | null): string {
  if (encoding === "br") return brotliDecompressSync(bytes).toString()
  return new TextDecoder().decode(encoding === "gzip" ? Bun.gunzipSync(bytes) : bytes)
}

function named(text: string, address: string): string[] {
  if (address.endsWith(".js")) {
    const modules = [...text.matchAll(/(?:^|\n)(?:import|export)[^"\n]*"\.\/([\w.-]+)"/g)]
    return modules.map(([, name]) => address.replace(/[^/]+$/, name ?? ""))
  }
  const head = text.startsWith("<!doctype") ? (text.split("</head>")[0] ?? "") : ""
  return [...head.matchAll(/<(?:link|script)[^>]+(?:href|src)="(\/[^"]+)"/g)].map(([, link]) => link ?? "")
}
