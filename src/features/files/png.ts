import { crc32, deflateSync } from "node:zlib"
import { isSideways, type Orientation, orientationBlock, orientationOf } from "./exif.ts"

// Source: PNG specification, third edition, with animations: https://www.w3.org/TR/png-3/

/** Bytes of the length and the type of a chunk. */
const chunkHead = 8
const signatureBytes = 8
/** Frames of an animation and the sum of their pixels: a browser has to decode all of them. */
const maxFrames = 2000
const maxFramePixels = 250_000_000
/** A file of a million empty chunks must not keep the server busy. */
const maxChunks = 100_000
/** Chunks that are copied with an animation: display and colors. Texts, times and all others are dropped. */
const kept = new Set(
  "IHDR PLTE tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL IDAT fdAT IEND".split(" "),
)

interface Chunk {
  type: string
  data: Uint8Array
}

/** The chunks of a PNG, up to the first damaged one. */
export function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const chunks: Chunk[] = []
  for (let at = signatureBytes; at + chunkHead + 4 <= bytes.length && chunks.length < maxChunks; ) {
    const begin = at + chunkHead
    const end = begin + bytes.readUInt32BE(at)
    if (end + 4 > bytes.length) break
    chunks.push({ type: bytes.toString("latin1", at + 4, begin), data: bytes.subarray(begin, end) })
    at = end + 4
    if (chunks.at(-1)?.type === "IEND") break
  }
  return chunks
}

function chunkOf({ type, data }: Chunk): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, checksum])
}

/** A PNG of these chunks. */
export function pngOf(signature: Uint8Array, chunks: Chunk[]): Buffer {
  return Buffer.concat([signature.subarray(0, signatureBytes), ...chunks.map(chunkOf)])
}

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1")

/** Pixels of four bytes each as a PNG that is not compressed, because it is read once; with the color profile that they are meant by. */
export function pngOfPixels(
  pixels: Uint8Array,
  { width, height, profile }: { width: number; height: number; profile?: Uint8Array },
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (width * 4 + 1))
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1)
  }
  const color = profile
    ? [{ type: "iCCP", data: Buffer.concat([Buffer.from("ICC\0\0", "latin1"), deflateSync(profile)]) }]
    : []
  return pngOf(signature, [
    { type: "IHDR", data: header },
    ...color,
    { type: "IDAT", data: deflateSync(rows, { level: 0 }) },
    { type: "IEND", data: new Uint8Array() },
  ])
}

/** How a PNG has to be turned to be upright. */
export function pngOrientation(png: Uint8Array): Orientation {
  const block = chunksOf(png).find(({ type }) => type === "eXIf")
  return block ? orientationOf(block.data) : 1
}

export interface Animation {
  bytes: Uint8Array<ArrayBuffer>
  width: number
  height: number
}

/**
 * Copies the frames and timing of an animated PNG to a new file, without texts and data behind the end. Returns
 * `null` when the PNG is not animated, damaged or too large.
 */
export function cleanApng(png: Uint8Array): Animation | null {
  const chunks = chunksOf(png)
  const header = chunks[0]
  if (header?.type !== "IHDR" || header.data.length !== 13 || chunks.at(-1)?.type !== "IEND") return null

  const [width, height] = sizeAt(header.data, 0)
  const frames = chunks.filter(({ type }) => type === "fcTL")
  if (!chunks.some(({ type }) => type === "acTL") || frames.length < 2 || frames.length > maxFrames)
    return null

  let pixels = 0
  for (const { data } of frames) {
    if (data.length !== 26) return null
    const [frameWidth, frameHeight] = sizeAt(data, 4)
    const [left, top] = sizeAt(data, 12)
    pixels += frameWidth * frameHeight
    if (left + frameWidth > width || top + frameHeight > height || pixels > maxFramePixels) return null
  }

  const orientation = pngOrientation(png)
  const [first, ...rest] = chunks.filter(({ type }) => kept.has(type))
  const turned = orientation === 1 ? [] : [{ type: "eXIf", data: orientationBlock(orientation) }]
  const bytes = new Uint8Array(pngOf(png, [first ?? header, ...turned, ...rest]))
  return isSideways(orientation) ? { bytes, width: height, height: width } : { bytes, width, height }
}

/** Two numbers of four bytes. */
function sizeAt(data: Uint8Array, at: number): [number, number] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
}
