/** How content begins, from a byte on, and what it then is. The first that fits counts. */
const beginnings: [type: string, from: number, bytes: string][] = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF87a"],
  ["image/gif", 0, "GIF89a"],
  ["image/webp", 8, "WEBP"],
  ["image/avif", 4, "ftypavif"],
  ["image/avif", 4, "ftypavis"],
  ["application/pdf", 0, "%PDF-"],
  ["application/zip", 0, "PK\x03\x04"],
  ["application/gzip", 0, "\x1f\x8b"],
  ["application/x-7z-compressed", 0, "7z\xbc\xaf\x27\x1c"],
  ["audio/wav", 8, "WAVE"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/ogg", 0, "OggS"],
  ["audio/flac", 0, "fLaC"],
  ["video/webm", 0, "\x1a\x45\xdf\xa3"],
  ["video/mp4", 4, "ftyp"],
]

/** Enough to tell text from other things. */
const sampleBytes = 4096

/** What content is, told by the content: names and headers are whatever somebody wrote there. */
export function typeOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sampleBytes))
  const known = beginnings.find(
    ([, from, text]) => head.toString("latin1", from, from + text.length) === text,
  )
  if (known) return known[0]

  return isText(head, bytes.length > sampleBytes) ? "text/plain" : "application/octet-stream"
}

function isText(head: Uint8Array, isCut: boolean): boolean {
  if (head.includes(0)) return false
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: isCut })
    return true
  } catch {
    return false
  }
}
