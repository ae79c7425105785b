import { brotliDecompressSync } from "node:zlib"
import { root } from "../../src/root.ts"
import { chat } from "../contenders.ts"
import type { Figures, Part } from "../run.ts"
import { roomOf, startChat } from "../servers.ts"

const settleMs = 2000

/** Cold start, idle memory, and the weight of a first visit. */
export const start: Part = {
  name: "start",
  title: "Cold start and first visit",
  note: "Times from the start of the process, on an existing database, until /health answers and until a signed-in user has a room's page, with the processor time used until then. The same server joined is what `bun run build` makes. Memory is read two seconds later. Weight and requests are those of a room with 50 messages and all files its page refers to, as sent to a browser that accepts compression.",
  columns: [
    { name: "ms to healthy" },
    { name: "ms to a page" },
    { name: "ms of processor time" },
    { name: "MB idle" },
    { name: "KB transferred", digits: 1 },
    { name: "requests" },
  ],
  rounds: 5,
  async prepare(folder) {
    build()
    const first = await startChat(folder)
    const { alice, path, header } = await roomOf(first)
    for (let i = 0; i < 50; i++)
      await alice.send(`Message ${i}: enough words to be an ordinary one in a chat`)
    first.stop()
    const authorization = header.slice("Authorization: ".length)
    return {
      contenders: {
        [chat]: () => measureStart({ folder }, path, authorization),
        [`${chat}, joined`]: () => measureStart({ folder, program: "dist/main.js" }, path, authorization),
      },
      close: () => {},
    }
  },
}

function build(): void {
  const { success, stderr } = Bun.spawnSync([process.execPath, "run", "build"], { cwd: root })
  if (!success) throw new Error(`The server could not be built: ${stderr}`)
}

async function measureStart(
  { folder, program }: { folder: string; program?: string },
  path: string,
  authorization: string,
): Promise<Figures> {
  const startedAt = performance.now()
  // Without the seed, as in production.
  const server = await startChat(folder, { SEED: "false" }, { program })
  const healthy = performance.now() - startedAt
  await (await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { authorization } })).text()
  const page = performance.now() - startedAt
  const processor = server.cpuSeconds() * 1000
  await Bun.sleep(settleMs)
  const memory = server.memory() / 1e6
  // The first who asks for a file gets it less compressed.
  await firstVisit(server.port, path, authorization)
  await Bun.sleep(settleMs)
  const { bytes, requests } = await firstVisit(server.port, path, authorization)
  server.stop()
  return {
    "ms to healthy": healthy,
    "ms to a page": page,
    "ms of processor time": processor,
    "MB idle": memory,
    "KB transferred": bytes / 1024,
    requests,
  }
}

/** Loads a page as a browser does: the page, the files it links, and the modules those import. */
async function firstVisit(port: number, path: string, authorization: string) {
  const sizes = new Map<string, number>()
  const fetchOnce = async (path: string): Promise<void> => {
    if (sizes.has(path)) return
    sizes.set(path, 0)
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization, "accept-encoding": "gzip, br, zstd" },
      decompress: false,
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    sizes.set(path, bytes.length)
    for (const next of linksIn(textOf(bytes, response.headers.get("content-encoding")), path))
      await fetchOnce(next)
  }
  await fetchOnce(path)
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), requests: sizes.size }
}

function textOf(bytes: Uint8Array<ArrayBuffer>, encoding: string | null): string {
  if (encoding === "br") return brotliDecompressSync(bytes).toString()
  return new TextDecoder().decode(encoding === "zstd" ? Bun.zstdDecompressSync(bytes) : bytes)
}

function linksIn(text: string, path: string): string[] {
  if (path.endsWith(".js")) {
    const modules = [...text.matchAll(/(?:^|\n)(?:import|export)[^"\n]*"\.\/([\w.-]+)"/g)]
    return modules.map(([, name]) => path.replace(/[^/]+$/, name ?? ""))
  }
  const whole = text.startsWith("<!doctype") ? (text.split("</head>")[0] ?? "") : ""
  const head = whole.replace(/<noscript>.*?<\/noscript>/g, "")
  return [...head.matchAll(/<(?:link|script)[^>]+(?:href|src)="(\/[^"]+)"/g)].map(([, link]) => link ?? "")
}
