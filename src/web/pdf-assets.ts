import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import manifest from "pdfjs-dist/package.json" with { type: "json" }

/** Of PDF.js: the library, its worker, and what it fetches for some files: character maps, fonts, profiles, decoders. */
const names =
  /^pdf\/(build\/pdf(\.worker)?\.min\.mjs|(cmaps|standard_fonts|iccs|wasm)\/[\w-]+\.(bcmap|ttf|pfb|icc|js|wasm))$/

export const pdfAssetVersion = manifest.version

/** Whether it is the name of a file of PDF.js that pages may load. */
export function hasPdfAsset(name: string): boolean {
  return names.test(name)
}

/** A file of PDF.js from its package; `undefined` if there is none of that name. */
export function readPdfAsset(name: string): Buffer | undefined {
  if (!hasPdfAsset(name)) return undefined

  const path = join(dirname(Bun.resolveSync("pdfjs-dist/package.json", import.meta.dir)), name.slice(4))
  return existsSync(path) ? readFileSync(path) : undefined
}
