import { heifTypeOf, isobmffTypeOf } from "./isobmff.ts"
import { mpegAudioTypeOf } from "./mpeg-audio.ts"
import { oleTypeOf } from "./ole.ts"
import { encodingOf } from "./text-encoding.ts"
import { zipTypeOf } from "./zip.ts"

/** A media type and the bytes by which its content is recognized. `also`: more bytes, at another place. */
interface Signature {
  type: string
  offset: number
  bytes: string
  also?: { offset: number; bytes: string }
}

const at = (offset: number, bytes: string, type: string): Signature => ({ type, offset, bytes })
const riff = (form: string, type: string): Signature => ({
  ...at(8, form, type),
  also: { offset: 0, bytes: "RIFF" },
})

/** The first match wins. Sources: WHATWG MIME Sniffing, the formats' specifications, and the magic of file(1). */
const signatures: Signature[] = [
  at(0, "\x89PNG\r\n\x1a\n", "image/png"),
  at(0, "\xff\xd8\xff", "image/jpeg"),
  at(0, "GIF87a", "image/gif"),
  at(0, "GIF89a", "image/gif"),
  riff("WEBP", "image/webp"),
  at(0, "II*\0", "image/tiff"),
  at(0, "MM\0*", "image/tiff"),
  at(0, "\0\0\x01\0", "image/x-icon"),
  at(0, "8BPS\0", "image/vnd.adobe.photoshop"),
  at(0, "\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
  at(0, "\xff\x0a", "image/jxl"),
  at(0, "\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
  at(0, "%PDF-", "application/pdf"),
  at(0, "\xef\xbb\xbf%PDF-", "application/pdf"),
  at(0, "{\\rtf", "application/rtf"),
  at(0, "\x1f\x8b", "application/gzip"),
  at(0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
  at(0, "Rar!\x1a\x07", "application/vnd.rar"),
  at(0, "\xfd7zXZ\0", "application/x-xz"),
  { ...at(0, "BZh", "application/x-bzip2"), also: { offset: 4, bytes: "1AY&SY" } },
  at(0, "\x28\xb5\x2f\xfd", "application/zstd"),
  at(257, "ustar", "application/x-tar"),
  riff("WAVE", "audio/wav"),
  { ...at(8, "WAVE", "audio/wav"), also: { offset: 0, bytes: "RF64" } },
  riff("AVI ", "video/x-msvideo"),
  { ...at(8, "AIF", "audio/aiff"), also: { offset: 0, bytes: "FORM" } },
  at(0, "ID3\x02", "audio/mpeg"),
  at(0, "ID3\x03", "audio/mpeg"),
  at(0, "ID3\x04", "audio/mpeg"),
  at(0, "fLaC", "audio/flac"),
  at(0, "MThd\0\0\0\x06", "audio/midi"),
  at(0, "#!AMR", "audio/amr"),
  at(0, "FLV\x01", "video/x-flv"),
  at(0, "\0\0\x01\xba", "video/mpeg"),
  at(0, "\0\0\x01\xb3", "video/mpeg"),
  at(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
  at(0, "wOFF", "font/woff"),
  at(0, "wOF2", "font/woff2"),
  at(0, "\0\x01\0\0\0", "font/ttf"),
  at(0, "OTTO", "font/otf"),
  at(0, "SQLite format 3\0", "application/vnd.sqlite3"),
  at(0, "\x7fELF", "application/x-elf"),
  at(0, "\0asm", "application/wasm"),
]

/** How many bytes are checked for a signature, for the tracks of a recording, and for being text. */
const sampleBytes = 4096

/** The media type of content. Detected from the bytes, because names and headers are chosen by the client. */
export function contentTypeOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sampleBytes))
  const has = ({ offset, bytes }: { offset: number; bytes: string }) =>
    head.toString("latin1", offset, offset + bytes.length) === bytes
  const signature = signatures.find((one) => has(one) && (!one.also || has(one.also)))

  return (
    signature?.type ??
    containerTypeOf(bytes, head) ??
    // Before MPEG: its first bytes may be those of a byte order mark.
    (encodingOf(head, bytes.length > sampleBytes) ? "text/plain" : undefined) ??
    mpegAudioTypeOf(bytes) ??
    (isProgram(head) ? "application/vnd.microsoft.portable-executable" : "application/octet-stream")
  )
}

/** The type of a format that contains others, by what is in it. */
function containerTypeOf(bytes: Uint8Array, head: Buffer): string | undefined {
  const start = head.toString("latin1", 0, 8)
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return zipTypeOf(bytes)
  if (start === "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") return oleTypeOf(bytes)
  if (start.startsWith("OggS")) return oggTypeOf(head)
  if (start.startsWith("\x1a\x45\xdf\xa3")) return matroskaTypeOf(head)
  if (start.startsWith("BM")) return isBitmap(head) ? "image/bmp" : undefined
  return heifTypeOf(head) ?? isobmffTypeOf(bytes)
}

/** Source: RFC 5334; the first page of each stream begins with the name of its codec. */
function oggTypeOf(head: Buffer): string {
  return head.subarray(0, 1024).includes("\x80theora", 0, "latin1") ? "video/ogg" : "audio/ogg"
}

/** Source: RFC 8794 (EBML) and RFC 9559 (Matroska): the name of the document type, then the tracks with their codecs. */
function matroskaTypeOf(head: Buffer): string {
  if (!head.subarray(0, 128).includes("webm")) return "video/x-matroska"

  const isSound = /A_(OPUS|VORBIS)/.test(head.toString("latin1")) && !head.includes("V_")
  return isSound ? "audio/webm" : "video/webm"
}

/** `BM` begins many texts too: the size of the second header is one of a few. */
function isBitmap(head: Buffer): boolean {
  return head.length > 26 && [12, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14))
}

/** `MZ` begins texts too, which were found before. */
function isProgram(head: Buffer): boolean {
  return head.toString("latin1", 0, 2) === "MZ"
}
