import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import emoji from "@infolektuell/noto-color-emoji/package.json" with { type: "json" }
import pdf from "pdfjs-dist/package.json" with { type: "json" }

interface PackageFolder {
  /** A file of the package, by which the package is found, and the folder of `names` from there. */
  of: string
  folder: string
  names: RegExp
}

/** The files of packages that pages may load, by the folder that their URLs begin with. */
const folders: Record<string, PackageFolder> = {
  // The library, its worker, and what it fetches for some files: character maps, fonts, profiles, decoders.
  pdf: {
    of: "pdfjs-dist/package.json",
    folder: ".",
    names:
      /^(build\/pdf(\.worker)?\.min\.mjs|(cmaps|standard_fonts|iccs|wasm)\/[\w-]+\.(bcmap|ttf|pfb|icc|js|wasm))$/,
  },
  // Fonts, each with its licence beside it.
  emoji: {
    of: "@infolektuell/noto-color-emoji/package.json",
    folder: ".",
    names: /^(files\/\d+\.woff2|LICENSE)$/,
  },
  flags: {
    of: "country-flag-emoji-polyfill/dist/TwemojiCountryFlags.woff2",
    folder: "..",
    names: /^(dist\/TwemojiCountryFlags\.woff2|LICENSE\.md)$/,
  },
}

/** Changes with any of these files; the flags have had one form since their first version. */
export const packageVersions = `${pdf.version} ${emoji.version}`

/** Whether it is the name of a file of a package that pages may load. */
export function hasPackageAsset(name: string): boolean {
  return find(name) !== undefined
}

/** A file of a package; `undefined` if there is none of that name. */
export function readPackageAsset(name: string): Buffer | undefined {
  const found = find(name)
  if (!found) return undefined

  const path = join(dirname(resolve(found.of)), found.folder, found.path)
  return existsSync(path) ? readFileSync(path) : undefined
}

function find(name: string) {
  const [first = "", ...rest] = name.split("/")
  const path = rest.join("/")
  const folder = Object.hasOwn(folders, first) ? folders[first] : undefined
  return folder?.names.test(path) ? { ...folder, path } : undefined
}

function resolve(file: string): string {
  return Bun.resolveSync(file, import.meta.dir)
}

/**
 * A style sheet that declares the parts of the emoji font, each for its characters, so that a page loads only those that it
 * shows. Flags of countries are left out: those of `tokens.css` are a tenth of the size. Digits and signs of text are only
 * for keycaps, after all other fonts.
 */
export function readEmojiSheet(): string {
  const faces = readFileSync(resolve("@infolektuell/noto-color-emoji/index.css"), "utf8").match(
    /@font-face[^}]*\}/g,
  )
  const rules = (faces ?? []).flatMap((face) => {
    const [, source = "", ranges = ""] = face.match(/src: (url[^;]*);\s*unicode-range: ([^;]*)/) ?? []
    const src = source.replace("./files/", "emoji/files/")
    const all = ranges.split(", ")
    const ofText = all.filter((range) => /^U\+(\w\w|30-39|2122)$/i.test(range))
    // Not the mark that asks for colors: every part has it, so an emoji with it that is in none would load them all.
    const shown = all.filter((range) => !ofText.includes(range) && !/^U\+fe0f$/i.test(range))
    return [
      ...(/^U\+1f1e6/i.test(ranges) ? [] : [faceOf("Emoji", src, shown)]),
      ...(ofText.length > 0 ? [faceOf("Keycaps", src, [...ofText, "U+20e3"])] : []),
    ]
  })
  // Fonts with black drawings of some emoji come after it where there is none with colors.
  return `${rules.join("\n")}\n:root[data-emoji]{--first:Emoji,}\n`
}

function faceOf(family: string, src: string, ranges: string[]): string {
  return `@font-face{font-family:${family};src:${src};unicode-range:${ranges.join()}}`
}
