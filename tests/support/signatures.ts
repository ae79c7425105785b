import { strToU8, type Zippable, zipSync } from "fflate"

// Builds the first bytes of files as programs write them, from the formats' specifications.

/** Bytes from a text in which each character is one byte. */
export const latin = (text: string) => Buffer.from(text, "latin1")

/** Zeros behind what is given: files are longer than what they are recognized by. */
export const padded = (text: string, length = 64) => Buffer.concat([latin(text), Buffer.alloc(length)])

/** A box of the ISO base media file format. Source: ISO/IEC 14496-12, 4.2. */
export function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === "string" ? latin(part) : part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, "latin1")
  return Buffer.concat([head, body])
}

/** The box that names what a file follows: the main brand, a version, other brands. */
export const ftyp = (...brands: string[]) => box("ftyp", brands[0] ?? "", "\0\0\0\0", ...brands.slice(1))

/** A movie whose tracks are for the eye (`vide`) or the ear (`soun`). */
export function movie(...tracks: string[]): Buffer {
  const handler = (kind: string) => box("hdlr", "\0\0\0\0", "\0\0\0\0", kind, "\0".repeat(12), "\0")
  return box(
    "moov",
    box("mvhd", "\0".repeat(100)),
    ...tracks.map((kind) => box("trak", box("mdia", handler(kind)))),
  )
}

/** Chunks of the Resource Interchange File Format, each of an even length. */
export function riff(form: string, ...chunks: Buffer[]): Buffer {
  const body = Buffer.concat([latin(form), ...chunks])
  const head = latin("RIFF\0\0\0\0")
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

export function riffChunk(type: string, data: Buffer): Buffer {
  const head = latin(`${type}\0\0\0\0`)
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

/** An archive with these names in it, in this order. */
export function archive(...names: string[]): Buffer {
  const entries: Zippable = Object.fromEntries(names.map((name) => [name, strToU8("content")]))
  return Buffer.from(zipSync(entries, { mtime: new Date("2026-01-01") }))
}

/** An archive whose first entry names its type, uncompressed. Source: ODF 1.2, part 3, 3.3. */
export function namedArchive(type: string): Buffer {
  const entries: Zippable = { mimetype: [strToU8(type), { level: 0 }], "content.xml": strToU8("<x/>") }
  return Buffer.from(zipSync(entries, { mtime: new Date("2026-01-01") }))
}

/** A compound file with these streams in its directory. Source: [MS-CFB], 2.2 and 2.6. */
export function compoundFile(...streams: string[]): Buffer {
  const file = Buffer.alloc(512 * 4)
  latin("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").copy(file)
  file.writeUInt16LE(9, 30)
  file.writeUInt32LE(1, 48)
  ;["Root Entry", ...streams].forEach((name, at) => {
    const entry = 512 * 2 + at * 128
    file.write(name, entry, "utf16le")
    file.writeUInt16LE(name.length * 2 + 2, entry + 64)
  })
  return file
}

/** The first page of an Ogg stream, and what its codec begins with. Source: RFC 3533. */
export const ogg = (codec: string) => padded(`OggS\0\x02${"\0".repeat(20)}\x01\x1e${codec}`)

/** The head of a Matroska file, its document type, and a track's codec. Source: RFC 8794, RFC 9559. */
export const matroska = (type: string, codec: string) =>
  padded(
    `\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82${String.fromCharCode(0x80 + type.length)}${type}\x18\x53\x80\x67\x86${codec}`,
  )

/** Frames of MPEG sound, each of its length, with zeros for its samples. */
export function frames(head: string, length: number): Buffer {
  const frame = Buffer.alloc(length)
  latin(head).copy(frame)
  return Buffer.concat([frame, frame, frame])
}

/** A bitmap of Windows: its header, and the size of the second. */
export function bitmap(secondHeader = 40): Buffer {
  const file = padded("BM", 64)
  file.writeUInt32LE(66, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(secondHeader, 14)
  return file
}
