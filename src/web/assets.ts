import { readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { brotliCompressSync, constants } from "node:zlib"

/** Something served as it is. */
interface Asset {
  type: string
  bytes: Uint8Array<ArrayBuffer>
  isText: boolean
  /** Once somebody took it so. */
  brotli?: Uint8Array<ArrayBuffer>
}

const folder = join(import.meta.dir, "../../static")

/** htmx and the parts of it that are used, from the package, as one file: one request instead of four. */
const htmxFiles = ["htmx.min.js", "ext/hx-ws.min.js", "ext/hx-sse.min.js", "ext/hx-upsert.min.js"]

/** The parts of `app.css`, in the order in which they are in it: one request for all of them. */
const styles = ["tokens", "base", "parts", "places", "room", "files", "states", "print"]

const types: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
}

const assets = await readAssets()

/** Changes with any file, so that answers can be kept for ever; a folder, so that modules find each other. */
const version = new Bun.CryptoHasher("sha256", versionSeed(assets)).digest("hex").slice(0, 12)

/** Where a browser gets a file of `static/`, or `htmx.js`. Throws for one that does not exist. */
export function asset(name: string): string {
  if (!assets.has(name)) throw new Error(`There is no static file ${name}`)

  return `/static/${version}/${name}`
}

/** The file itself, compressed where the browser takes it; `undefined` when there is none. */
export function serveAsset(name: string, request: Request): Response | undefined {
  const found = assets.get(name)
  if (!found) return undefined

  const headers = new Headers({
    "content-type": found.type,
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
  })
  if (!found.isText || !request.headers.get("accept-encoding")?.includes("br")) {
    return new Response(found.bytes, { headers })
  }
  headers.set("content-encoding", "br")
  found.brotli ??= new Uint8Array(compress(found.bytes))
  return new Response(found.brotli, { headers })
}

async function readAssets(): Promise<Map<string, Asset>> {
  const found = new Map<string, Asset>()
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".js") || file.startsWith("styles/")) continue
    const path = join(folder, file)
    if (statSync(path).isFile()) found.set(relative(folder, path), toAsset(file, readFileSync(path)))
  }
  const css = styles.map((name) => readFileSync(join(folder, `styles/${name}.css`), "utf8"))
  found.set("app.css", toAsset("app.css", Buffer.from(css.join("\n"))))
  const htmx = htmxFiles.map((file) =>
    readFileSync(Bun.resolveSync(`htmx.org/dist/${file}`, import.meta.dir), "utf8"),
  )
  for (const { path, content } of await joined(join(folder, "app.js")))
    found.set(path, toAsset(path, content))
  found.set("htmx.js", toAsset("htmx.js", Buffer.from(htmx.join(";\n"))))
  return found
}

/**
 * The modules of `static/` that a page starts with, as one file: a browser asks once for what would else be a dozen
 * requests in three turns. What is imported when it is wanted is a file of its own; it should import nothing that the
 * first one has, or that becomes another request of every first visit.
 */
async function joined(entry: string): Promise<{ path: string; content: Buffer }[]> {
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    splitting: true,
    minify: { whitespace: true, syntax: true },
  })
  return Promise.all(
    outputs.map(async (output) => ({
      path: relative(".", output.path),
      content: Buffer.from(await output.text()),
    })),
  )
}

function toAsset(name: string, content: Buffer): Asset {
  const type = types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream"
  return { type, bytes: new Uint8Array(content), isText: /^text|svg/.test(type) }
}

/** While everybody waits, so a middling quality: the best takes half a second for htmx alone. */
function compress(bytes: Uint8Array): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
}

function versionSeed(all: Map<string, Asset>): Uint8Array {
  return Buffer.concat([...all.values()].map(({ bytes }) => bytes))
}
