/** A media type and the bytes by which its content is recognized. */
interface Signature {
  type: string
  offset: number
  bytes: string
}

/** The first match wins. */
const signatures: Signature[] = [
  { type: "image/png", offset: 0, bytes: "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", offset: 0, bytes: "\xff\xd8\xff" },
  { type: "image/gif", offset: 0, bytes: "GIF87a" },
  { type: "image/gif", offset: 0, bytes: "GIF89a" },
  { type: "image/webp", offset: 8, bytes: "WEBP" },
  { type: "image/avif", offset: 4, bytes: "ftypavif" },
  { type: "image/avif", offset: 4, bytes: "ftypavis" },
  { type: "application/pdf", offset: 0, bytes: "%PDF-" },
  { type: "application/zip", offset: 0, bytes: "PK\x03\x04" },
  { type: "application/gzip", offset: 0, bytes: "\x1f\x8b" },
  { type: "application/x-7z-compressed", offset: 0, bytes: "7z\xbc\xaf\x27\x1c" },
  { type: "audio/wav", offset: 8, bytes: "WAVE" },
  { type: "audio/mpeg", offset: 0, bytes: "ID3" },
  { type: "audio/ogg", offset: 0, bytes: "OggS" },
  { type: "audio/flac", offset: 0, bytes: "fLaC" },
  { type: "video/webm", offset: 0, bytes: "\x1a\x45\xdf\xa3" },
  { type: "video/mp4", offset: 4, bytes: "ftyp" },
]

/** How many bytes are checked for being text. */
const sampleBytes = 4096

/** The media type of content. Detected from the bytes, because names and headers are chosen by the client. */
export function contentTypeOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sampleBytes))
  const signature = signatures.find(
    ({ offset, bytes }) => head.toString("latin1", offset, offset + bytes.length) === bytes,
  )
  if (signature) return signature.type

  return isText(head, bytes.length > sampleBytes) ? "text/plain" : "application/octet-stream"
}

function isText(head: Uint8Array, isTruncated: boolean): boolean {
  if (head.includes(0)) return false
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: isTruncated })
    return true
  } catch {
    return false
  }
}
