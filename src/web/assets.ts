import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join, relative } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, brotliCompressSync, constants } from "node:zlib"
import { hasPackageAsset, packageVersions, readEmojiSheet, readPackageAsset } from "./package-assets.ts"

interface Asset {
  type: string
  bytes: Uint8Array<ArrayBuffer>
  isText: boolean
  /** Set with the first request that accepts it, and again when it is compressed better. */
  brotli?: Uint8Array<ArrayBuffer>
}

/** The extensions of htmx that each page needs, from the package. */
const htmxExtensions = ["ext/hx-ws.min.js", "ext/hx-upsert.min.js"]

const types: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
}

/** The files that browsers load, in memory, each at a URL that contains a version of all of them. */
export class Assets {
  readonly #files: Map<string, Asset>
  /** Changes with any file, so browsers may cache forever. It is a folder, so relative imports and URLs resolve. */
  readonly #version: string
  readonly #compressing: Promise<void>[] = []

  constructor(files: Map<string, Asset>) {
    this.#files = files
    const hash = new Bun.CryptoHasher("sha256")
    // In the order of names, which is the same on every disk.
    for (const [, { bytes }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(bytes)
    hash.update(packageVersions)
    this.#version = hash.digest("hex").slice(0, 12)
  }

  /** The URL of a file. Throws for one that does not exist. */
  url(name: string): string {
    if (!this.#files.has(name) && !hasPackageAsset(name)) throw new Error(`There is no static file ${name}`)

    return `/static/${this.#version}/${name}`
  }

  /** Answers with a file, compressed if the browser accepts it; `undefined` if there is none of that name. */
  serve({ version, name }: { version: string; name: string }, request: Request): Response | undefined {
    const file = this.#files.get(name) ?? this.#readLater(name)
    if (!file) return undefined

    const headers = new Headers({
      "content-type": file.type,
      // During a rolling deploy a page of one version may reach a server of another, and get that server's file.
      // Cached under the page's version, it would break the page for a year, in shared caches for everyone.
      "cache-control": version === this.#version ? "public, max-age=31536000, immutable" : "no-store",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
    })
    if (!file.isText || !request.headers.get("accept-encoding")?.includes("br")) {
      return new Response(file.bytes, { headers })
    }
    headers.set("content-encoding", "br")
    return new Response(this.#compressed(file), { headers })
  }

  /** Resolves when all files that were requested are as small as they become. */
  async settled(): Promise<void> {
    await Promise.all(this.#compressing)
  }

  /** Fast for the first request, and as small as possible for those after it. */
  #compressed(file: Asset): Uint8Array<ArrayBuffer> {
    if (file.brotli) return file.brotli

    const fast = new Uint8Array(brotliCompressSync(file.bytes, brotli(fastQuality)))
    file.brotli = fast
    if (file.bytes.length <= largeBytes) this.#compressing.push(compressWell(file))
    return fast
  }

  /** Answers with a file, and a text after it, for now only. Throws if there is none of that name. */
  serveCurrent(name: string, suffix: string): Response {
    const file = this.#files.get(name)
    if (!file) throw new Error(`There is no static file ${name}`)

    const headers = {
      "content-type": file.type,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    }
    return new Response(new Blob([file.bytes, suffix]), { headers })
  }

  /** The PDF viewer and the emoji font are large and rarely used: they are read with their first request. */
  #readLater(name: string): Asset | undefined {
    const content = readPackageAsset(name)
    if (!content) return undefined

    const asset = toAsset(name, content)
    this.#files.set(name, asset)
    return asset
  }
}

/** Where `bun run build` leaves the joined files: beside the joined server. Beside the sources there are none. */
const builtFolder = join(import.meta.dir, "assets")

/** Opens the static files of a folder, joined by `bun run build` or else now. Called once, at start. */
export async function openAssets(folder: string): Promise<Assets> {
  return new Assets(existsSync(builtFolder) ? readAssets(builtFolder) : await joinAssets(folder))
}

/** Writes joined files to a folder, for `readAssets`. */
export async function writeAssets(files: Map<string, Asset>, folder: string): Promise<void> {
  for (const [name, { bytes }] of files) await Bun.write(join(folder, name), bytes)
}

function readAssets(folder: string): Map<string, Asset> {
  return new Map(filesIn(folder).map((name) => [name, toAsset(name, readFileSync(join(folder, name)))]))
}

/** The names of the files in a folder and those below it. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

/** Reads a folder of static files, joins its modules and style sheets, and adds htmx. */
export async function joinAssets(folder: string): Promise<Map<string, Asset>> {
  const files = new Map<string, Asset>()
  for (const name of filesIn(folder)) {
    if (!/\.(svg|png|ico)$|^(api\.css|(service-worker|push|share|copying)\.js)$/.test(name)) continue
    files.set(name, toAsset(name, readFileSync(join(folder, name))))
  }
  const styles = join(folder, "styles")
  files.set("app.css", toAsset("app.css", Buffer.from(joinStyles(styles, "tokens.css"))))
  // Apart, because rooms do without: a first visit loads only what it shows.
  for (const part of ["settings", "viewer"]) {
    files.set(`${part}.css`, toAsset(`${part}.css`, Buffer.from(joinStyles(join(styles, part)))))
  }
  files.set("emoji.css", toAsset("emoji.css", Buffer.from(readEmojiSheet())))
  for (const [name, content] of await joinModules(folder, ["app.js", "passkeys.js", "inbox.js"]))
    files.set(name, toAsset(name, Buffer.from(name === "app.js" ? `${content};\n${readHtmx()}` : content)))
  files.set("htmx-sse.js", toAsset("htmx-sse.js", Buffer.from(readHtmxPart("ext/hx-sse.min.js"))))
  for (const name of ["sign-up-work.js", "sign-up-work-worker.js"])
    files.set(name, toAsset(name, readFileSync(join(folder, name))))
  return files
}

const noAssets = "No assets are registered: call openAssets and registerAssets at start"

/** The assets that pages link to. */
let registered: Assets | undefined

/** Makes `asset` return URLs of these files. `createApp` calls it before it renders a page. */
export function registerAssets(assets: Assets): void {
  registered = assets
}

/** The URL of a file of `static/`, for pages to link to. Throws for one that does not exist. */
export function asset(name: string): string {
  if (!registered) throw new Error(noAssets)

  return registered.url(name)
}

/**
 * Answers with a file at an address without a version, which browsers ask about each time; `suffix` is added to it. Throws
 * for one that does not exist.
 */
export function assetResponse(name: string, suffix = ""): Response {
  if (!registered) throw new Error(noAssets)

  return registered.serveCurrent(name, suffix)
}

/** Joins the style sheets of a folder, without comments and white space. `first` declares the layers. */
function joinStyles(folder: string, first?: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".css") && name !== first)
  return (
    [...(first ? [first] : []), ...names.toSorted()]
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/\s*([{};,])\s*/g, "$1")
      // Not before it, where a space is part of a selector.
      .replace(/:\s+/g, ":")
  )
}

/**
 * Joins each module with those that it imports to one file: one request instead of dozens in three round trips. What is
 * imported dynamically stays a file of its own, joined likewise. A small module that both need is in both: a third file with
 * it would be one more request, and more bytes than the copies.
 */
async function joinModules(folder: string, entries: string[]): Promise<Map<string, string>> {
  const { outputs } = await Bun.build({
    entrypoints: [...new Set([...entries, ...dynamicImports(folder)])].map((name) => join(folder, name)),
    target: "browser",
    minify: true,
    plugins: [keepDynamicImports],
  })
  return new Map(
    await Promise.all(
      outputs.map(async (output) => [basename(output.path), await output.text()] as [string, string]),
    ),
  )
}

/** The modules of a folder that others of it import dynamically. */
function dynamicImports(folder: string): string[] {
  const transpiler = new Bun.Transpiler({ loader: "js" })
  return filesIn(folder)
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => transpiler.scanImports(readFileSync(join(folder, name))))
    .filter(({ kind }) => kind === "dynamic-import")
    .map(({ path }) => path.replace("./", ""))
}

const keepDynamicImports: Bun.BunPlugin = {
  name: "keep dynamic imports",
  setup(build) {
    build.onResolve({ filter: /^\.\// }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    )
  },
}

/**
 * After our modules in one file: it compresses better than two. Modules that are loaded later find it at the window, where the
 * extensions look for it, too: without it sockets stay open when the page is left.
 */
function readHtmx(): string {
  return [readHtmxPart("htmx.min.js"), "window.htmx=htmx", ...htmxExtensions.map(readHtmxPart)].join(";\n")
}

function readHtmxPart(part: string): string {
  return readFileSync(Bun.resolveSync(`htmx.org/dist/${part}`, import.meta.dir), "utf8")
}

function toAsset(name: string, content: Buffer): Asset {
  const type = types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream"
  return { type, bytes: new Uint8Array(content), isText: /^text|svg/.test(type) }
}

/** Larger files, such as the PDF viewer, would take seconds. */
const largeBytes = 300_000
/** 5 to 15 ms for the larger scripts and styles. */
const fastQuality = 5

const brotli = (quality: number) => ({ params: { [constants.BROTLI_PARAM_QUALITY]: quality } })

/** On a thread of its own: it takes a third of a second for htmx alone. */
async function compressWell(file: Asset): Promise<void> {
  const small = await promisify(brotliCompress)(file.bytes, brotli(constants.BROTLI_MAX_QUALITY))
  file.brotli = new Uint8Array(small)
}
