/** Longest name of a file, in UTF-16 code units, its ending included. */
export const maxFileNameLength = 100
/** What is longer than that is no ending, but a part of the name. */
const maxEndingLength = 16

/** Control characters, and what turns the direction of text: `photo\u202Egnp.exe` would show as `photoexe.png`. */
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** What no file may be called somewhere; forms send quotes and line breaks as the codes (WHATWG HTML, 4.10.21.8). */
const reserved = /[<>:"|?*\\/]|%22|%0[ad]/gi

/** A name that is safe to show and to save under: no folders, nothing unseen, not too long, its ending kept. */
export function safeName(given: string): string {
  const last = given.toWellFormed().normalize("NFC").split(/[\\/]/).at(-1) ?? ""
  const bare = last
    .replace(unseen, "")
    .replace(reserved, "_")
    .replace(/\s+/g, " ")
    // A leading dot hides a file, and Windows drops dots and blanks at the end, which would change its ending.
    .replace(/^[. ]+|[. ]+$/g, "")
  const ending = endingOf(bare)
  const stem = bare.slice(0, bare.length - ending.length).slice(0, maxFileNameLength - ending.length)
  // Cutting may have halved a pair.
  return `${stem}${ending}`.toWellFormed() || "file"
}

/** The name of a picture, whose ending must be what it is: `cat.exe` that is a PNG is `cat.exe.png`. */
export function pictureName(name: string, type: string): string {
  const endings = endingsOf[type] ?? []
  const ending = endingOf(name)
  if (endings.includes(ending.toLowerCase())) return name

  const stem = pictureEndings.has(ending.toLowerCase()) ? name.slice(0, -ending.length) : name
  return safeName(`${stem.slice(0, maxFileNameLength - maxEndingLength)}${endings[0] ?? ""}`)
}

/** How it is offered to a browser (RFC 6266, with RFC 8187 for what is not ASCII). */
export function disposition(kind: "inline" | "attachment", name: string): string {
  const plain = name.replace(/[^\w.\- ]/g, "_")
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

const endingsOf: Record<string, string[]> = {
  "image/png": [".png"],
  "image/jpeg": [".jpg", ".jpeg"],
  "image/gif": [".gif"],
  "image/webp": [".webp"],
}
const pictureEndings = new Set([...Object.values(endingsOf).flat(), ".avif", ".heic"])

function endingOf(name: string): string {
  const ending = name.match(/\.[^. ]+$/)?.[0] ?? ""
  return ending.length <= maxEndingLength && ending !== name ? ending : ""
}
