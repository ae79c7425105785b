/** Longest name of a file with its extension, in UTF-16 code units. */
export const maxFileNameLength = 100
/** A longer suffix counts as a part of the name. */
const maxExtensionLength = 16

/** Control and bidirectional characters: `photo\u202Egnp.exe` would be displayed as `photoexe.png`. */
const invisible = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** Characters that a file system forbids. Forms send quotes and line breaks as `%22`, `%0a`, `%0d` (WHATWG HTML, 4.10.21.8). */
const reserved = /[<>:"|?*\\/]|%22|%0[ad]/gi

/** A name that is safe to show and to save under: without folders and invisible characters, shortened before its extension. */
export function safeName(input: string): string {
  const last = input.toWellFormed().normalize("NFC").split(/[\\/]/).at(-1) ?? ""
  const bare = last
    .replace(invisible, "")
    .replace(reserved, "_")
    .replace(/\s+/g, " ")
    // A leading dot hides a file. Windows drops dots and spaces at the end, which would change the extension.
    .replace(/^[. ]+|[. ]+$/g, "")
  const extension = extensionOf(bare)
  const stem = bare.slice(0, bare.length - extension.length).slice(0, maxFileNameLength - extension.length)
  // Shortening may have split a surrogate pair.
  return `${stem}${extension}`.toWellFormed() || "file"
}

/** The name of a picture with the extension of its type: a PNG named `cat.exe` becomes `cat.exe.png`. */
export function pictureName(name: string, type: string): string {
  const extensions = extensionsOf[type] ?? []
  const extension = extensionOf(name)
  if (extensions.includes(extension.toLowerCase())) return name

  const stem = pictureExtensions.has(extension.toLowerCase()) ? name.slice(0, -extension.length) : name
  return safeName(`${stem.slice(0, maxFileNameLength - maxExtensionLength)}${extensions[0] ?? ""}`)
}

/** A `Content-Disposition` header (RFC 6266, with RFC 8187 for names beyond ASCII). */
export function contentDisposition(kind: "inline" | "attachment", name: string): string {
  const ascii = name.replace(/[^\w.\- ]/g, "_")
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

const extensionsOf: Record<string, string[]> = {
  "image/png": [".png", ".apng"],
  "image/jpeg": [".jpg", ".jpeg"],
  "image/gif": [".gif"],
  "image/webp": [".webp"],
  "image/avif": [".avif"],
}
const pictureExtensions = new Set([...Object.values(extensionsOf).flat(), ".heic", ".heif", ".hif", ".bmp"])

function extensionOf(name: string): string {
  const extension = name.match(/\.[^. ]+$/)?.[0] ?? ""
  return extension.length <= maxExtensionLength && extension !== name ? extension : ""
}
