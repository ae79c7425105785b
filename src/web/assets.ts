import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
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

/** htmx and the extensions that are used, from the package: in one file those that each page needs. */
const htmxFiles = {
  "htmx.js": ["htmx.min.js", "ext/hx-ws.min.js", "ext/hx-upsert.min.js"],
  "htmx-sse.js": ["ext/hx-sse.min.js"],
}

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
  readonly #imports: Map<string, string[]>
  readonly #compressing: Promise<void>[] = []

  constructor(files: Map<string, Asset>, imports: Map<string, string[]>) {
    this.#files = files
    this.#imports = imports
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

  /** The URLs of the modules that a module imports at once, for pages to load beside it. */
  importsOf(name: string): string[] {
    return this.#imports.get(name)?.map((path) => this.url(path)) ?? []
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

/** Files by name, and the modules that a module imports at once. */
interface JoinedFiles {
  files: Map<string, Asset>
  imports: Map<string, string[]>
}

/** Where `bun run build` leaves the joined files: beside the joined server. Beside the sources there are none. */
const builtFolder = join(import.meta.dir, "assets")
const importsFile = "imports.json"

/** Opens the static files of a folder, joined by `bun run build` or else now. Called once, at start. */
export async function openAssets(folder: string): Promise<Assets> {
  const { files, imports } = existsSync(builtFolder) ? readAssets(builtFolder) : await joinAssets(folder)
  return new Assets(files, imports)
}

/** Writes joined files to a folder, for `readAssets`. */
export async function writeAssets({ files, imports }: JoinedFiles, folder: string): Promise<void> {
  for (const [name, { bytes }] of files) await Bun.write(join(folder, name), bytes)
  await Bun.write(join(folder, importsFile), JSON.stringify([...imports]))
}

function readAssets(folder: string): JoinedFiles {
  const names = filesIn(folder).filter((name) => name !== importsFile)
  return {
    files: new Map(names.map((name) => [name, toAsset(name, readFileSync(join(folder, name)))])),
    imports: new Map(JSON.parse(readFileSync(join(folder, importsFile), "utf8"))),
  }
}

/** The names of the files in a folder and those below it. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

/** Reads a folder of static files, joins its modules and style sheets, and adds htmx. */
export async function joinAssets(folder: string): Promise<JoinedFiles> {
  const files = new Map<string, Asset>()
  for (const name of filesIn(folder)) {
    if (!/\.(svg|png|ico)$|^(api\.css|(service-worker|push|share)\.js)$/.test(name)) continue
    files.set(name, toAsset(name, readFileSync(join(folder, name))))
  }
  const styles = join(folder, "styles")
  files.set("app.css", toAsset("app.css", Buffer.from(joinStyles(styles, "tokens.css"))))
  // Apart, because rooms do without: a first visit loads only what it shows.
  for (const part of ["settings", "viewer"]) {
    files.set(`${part}.css`, toAsset(`${part}.css`, Buffer.from(joinStyles(join(styles, part)))))
  }
  files.set("emoji.css", toAsset("emoji.css", Buffer.from(readEmojiSheet())))
  const imports = new Map<string, string[]>()
  for (const entry of ["app.js", "passkeys.js", "inbox.js", "viewer.js"]) {
    for (const { path, content } of await bundle(join(folder, entry))) {
      files.set(path, toAsset(path, content))
      if (path === entry) imports.set(entry, staticImports(content))
    }
  }
  for (const [name, parts] of Object.entries(htmxFiles)) {
    const scripts = parts.map((part) =>
      readFileSync(Bun.resolveSync(`htmx.org/dist/${part}`, import.meta.dir), "utf8"),
    )
    files.set(name, toAsset(name, Buffer.from(scripts.join(";\n"))))
  }
  for (const name of ["sign-up-work.js", "sign-up-work-worker.js"])
    files.set(name, toAsset(name, readFileSync(join(folder, name))))
  return { files, imports }
}

const noAssets = "No assets are registered: call openAssets and registerAssets at start"

/** The assets that pages link to. */
let registered: Assets | undefined

/** Makes `asset` return URLs of these files. `createApp` calls it before it renders a page. */
export function registerAssets(assets: Assets): void {
  registered = assets
}

/** The URL of a file of `static/`, or of `htmx.js`, for pages to link to. Throws for one that does not exist. */
export function asset(name: string): string {
  if (!registered) throw new Error(noAssets)

  return registered.url(name)
}

/** The URLs of the modules that a module of `static/` imports at once. */
export function assetImports(name: string): string[] {
  if (!registered) throw new Error(noAssets)

  return registered.importsOf(name)
}

/**
 * Answers with a file at an address without a version, which browsers ask about each time; `suffix` is added to it. Throws
 * for one that does not exist.
 */
export function assetResponse(name: string, suffix = ""): Response {
  if (!registered) throw new Error(noAssets)

  return registered.serveCurrent(name, suffix)
}

/** Joins the style sheets of a folder, without comments and indentation. `first` declares the layers. */
function joinStyles(folder: string, first?: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".css") && name !== first)
  return [...(first ? [first] : []), ...names.toSorted()]
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\n\s*/g, "\n")
}

/**
 * Joins the modules that every page imports to one file: one request instead of dozens in three round trips. What is
 * imported dynamically becomes a file of its own, and what both import a third one, which pages load beside the first.
 */
async function bundle(entry: string): Promise<{ path: string; content: Buffer }[]> {
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    splitting: true,
    minify: true,
  })
  return Promise.all(
    outputs.map(async (output) => ({
      path: relative(".", output.path),
      content: Buffer.from(await output.text()),
    })),
  )
}

function staticImports(module: Buffer): string[] {
  return new Bun.Transpiler({ loader: "js" })
    .scanImports(module)
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => path.replace("./", ""))
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
