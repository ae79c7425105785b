/** How a file can be looked at in place; `download` for what can only be saved. */
export type Showing = "audio" | "video" | "pdf" | "text" | "download"

interface Kind {
  /** In a word or two, for people. */
  label: string
  showing?: Showing
}

/** A file, as far as it says what it is. */
interface Typed {
  name: string
  type: string
}

const sound = (label = "Audio"): Kind => ({ label, showing: "audio" })
const film = (label = "Video"): Kind => ({ label, showing: "video" })

/** By the type that its content has. */
const byType: Record<string, Kind> = {
  "application/pdf": { label: "PDF", showing: "pdf" },
  "application/zip": { label: "Archive" },
  "application/gzip": { label: "Archive" },
  "application/x-7z-compressed": { label: "Archive" },
  "application/vnd.rar": { label: "Archive" },
  "application/x-xz": { label: "Archive" },
  "application/x-bzip2": { label: "Archive" },
  "application/zstd": { label: "Archive" },
  "application/x-tar": { label: "Archive" },
  "application/java-archive": { label: "Java archive" },
  "application/vnd.android.package-archive": { label: "Android app" },
  "application/vnd.microsoft.portable-executable": { label: "Windows program" },
  "application/x-elf": { label: "Program" },
  "application/wasm": { label: "WebAssembly" },
  "application/vnd.sqlite3": { label: "Database" },
  "application/epub+zip": { label: "E-book" },
  "application/rtf": { label: "Rich text" },
  "application/msword": { label: "Word document" },
  "application/vnd.ms-excel": { label: "Excel workbook" },
  "application/vnd.ms-powerpoint": { label: "PowerPoint presentation" },
  "application/vnd.ms-outlook": { label: "Outlook message" },
  "application/vnd.visio": { label: "Visio drawing" },
  "application/vnd.ms-visio.drawing": { label: "Visio drawing" },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": { label: "Word document" },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { label: "Excel workbook" },
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": {
    label: "PowerPoint presentation",
  },
  "application/vnd.oasis.opendocument.text": { label: "OpenDocument text" },
  "application/vnd.oasis.opendocument.spreadsheet": { label: "OpenDocument spreadsheet" },
  "application/vnd.oasis.opendocument.presentation": { label: "OpenDocument presentation" },
  "application/vnd.oasis.opendocument.graphics": { label: "OpenDocument drawing" },
  "image/heic": { label: "HEIC image" },
  "image/heif": { label: "HEIF image" },
  "image/avif": { label: "AVIF image" },
  "image/tiff": { label: "TIFF image" },
  "image/jxl": { label: "JPEG XL image" },
  "image/jp2": { label: "JPEG 2000 image" },
  "image/x-icon": { label: "Icon" },
  "image/vnd.adobe.photoshop": { label: "Photoshop image" },
  "audio/mpeg": sound(),
  "audio/mp4": sound(),
  "audio/aac": sound(),
  "audio/ogg": sound(),
  "audio/webm": sound(),
  "audio/wav": sound(),
  "audio/flac": sound(),
  "audio/midi": { label: "MIDI music" },
  "video/mp4": film(),
  "video/webm": film(),
  "video/ogg": film(),
  "video/quicktime": film(),
  "video/3gpp": film(),
  "text/plain": { label: "Text", showing: "text" },
}

/** Kinds of text files, by extension; also of older files, which were stored with the type of their container. */
const byExtension: Record<string, { of: RegExp; kind: Kind }> = {}
const name = (of: RegExp, kind: Kind, extensions: string) => {
  for (const extension of extensions.split(" ")) byExtension[extension] = { of, kind }
}
const text = (label: string): Kind => ({ label, showing: "text" })
const plain = /^text\/plain$/
name(plain, text("Table"), "csv tsv")
name(plain, text("Markdown"), "md markdown")
name(plain, text("JSON"), "json jsonl geojson")
name(plain, text("Web page"), "html htm xhtml")
name(plain, text("SVG image"), "svg")
name(plain, text("Subtitles"), "srt vtt")
name(plain, text("Log"), "log")
name(plain, text("Calendar"), "ics")
name(plain, text("Contact"), "vcf")
name(plain, text("Changes"), "diff patch")
name(
  plain,
  text("Code"),
  "js mjs cjs jsx ts mts tsx css scss py rb php java kt kts swift c h cc cpp hpp cs go rs sh bash zsh ps1 sql lua pl r scala hs ex exs dart zig vue svelte xml yaml yml toml ini conf dockerfile",
)
// Under a password they are compound files.
const zip = /^application\/(zip|x-ole-storage)$/
name(zip, { label: "Word document" }, "docx docm dotx")
name(zip, { label: "Excel workbook" }, "xlsx xlsm xltx")
name(zip, { label: "PowerPoint presentation" }, "pptx pptm ppsx")
name(zip, { label: "OpenDocument text" }, "odt")
name(zip, { label: "OpenDocument spreadsheet" }, "ods")
name(zip, { label: "OpenDocument presentation" }, "odp")
name(zip, { label: "E-book" }, "epub")
name(zip, { label: "Pages document" }, "pages")
name(zip, { label: "Numbers spreadsheet" }, "numbers")
name(zip, { label: "Keynote presentation" }, "key")
const compound = /^application\/(x-ole-storage|octet-stream)$/
name(compound, { label: "Word document" }, "doc dot")
name(compound, { label: "Excel workbook" }, "xls xlt")
name(compound, { label: "PowerPoint presentation" }, "ppt pps")
name(/^video\/mp4$/, { label: "HEIC image" }, "heic heif hif")
name(/^video\/mp4$/, sound(), "m4a m4b")

/** The kind of a file in a word or two, and how it can be shown. By its content; by its name only if that is not enough. */
function kindOfFile(file: Typed): Kind {
  const named = byExtension[extensionIn(file.name)]
  if (named?.of.test(file.type)) return named.kind

  return byType[file.type] ?? { label: generalLabel(file.type) }
}

function generalLabel(type: string): string {
  if (type.startsWith("audio/")) return "Audio"
  if (type.startsWith("video/")) return "Video"
  if (type.startsWith("image/")) return "Image"
  return type.startsWith("font/") ? "Font" : "File"
}

/** The kind of a file, in a word or two. */
export function kindLabel(file: Typed): string {
  return kindOfFile(file).label
}

/** How a file that is no picture can be looked at in place. */
export function showingOf(file: Typed): Showing {
  return kindOfFile(file).showing ?? "download"
}

/** The end of a name after its last dot, in lower case; empty for none. */
export function extensionIn(name: string): string {
  return name.match(/\.([^. ]+)$/)?.[1]?.toLowerCase() ?? ""
}

/** Subtitles among the files of a message: of the same name, or the only ones beside the only video. */
export function subtitlesOf<File extends Typed>(
  video: File,
  files: File[],
): { file: File; language?: string }[] {
  const stem = stemOf(video.name)
  const isOnly = files.filter((file) => showingOf(file) === "video").length === 1
  return files.filter(isSubtitles).flatMap((file) => {
    const own = stemOf(file.name)
    const [, language] = own.match(/[._-]([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$/) ?? []
    const isNamed = own === stem || own.startsWith(`${stem}.`)
    return isNamed || isOnly ? [{ file, language: isLanguage(language) ? language : undefined }] : []
  })
}

/** Whether a file is a text of subtitles. */
export function isSubtitles(file: Typed): boolean {
  return file.type === "text/plain" && /^(vtt|srt)$/.test(extensionIn(file.name))
}

/** The name of a language, for people. */
export function languageName(code: string): string | undefined {
  return new Intl.DisplayNames("en", { type: "language", fallback: "none" }).of(code)
}

function isLanguage(code: string | undefined): boolean {
  return code !== undefined && languageName(code) !== undefined
}

function stemOf(name: string): string {
  return name.replace(/\.[^. ]+$/, "")
}
