import { isSideways, type Orientation, orientationBlock, orientationOf } from "./exif.ts"
import type { Animation } from "./png.ts"

// Source: RFC 9649, WebP Image Format: https://www.rfc-editor.org/rfc/rfc9649

/** Frames of an animation and the sum of their pixels: a browser has to decode all of them. */
const maxFrames = 2000
const maxFramePixels = 250_000_000
const maxChunks = 10_000
/** Bytes of a frame's place, size, duration and flags, before its own chunks. */
const frameHead = 16

const flags = { animation: 0x02, exif: 0x08, alpha: 0x10, profile: 0x20 }

interface Chunk {
  type: string
  data: Buffer
}

/** The chunks between two offsets, up to the first damaged one. */
function chunksIn(file: Buffer, from: number): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = from; at + 8 <= file.length && chunks.length < maxChunks; ) {
    const size = file.readUInt32LE(at + 4)
    if (at + 8 + size > file.length) break
    chunks.push({ type: file.toString("latin1", at, at + 4), data: file.subarray(at + 8, at + 8 + size) })
    at += 8 + size + (size % 2)
  }
  return chunks
}

/** The chunks of a whole file, without data behind its end. */
function chunksOf(webp: Uint8Array): Chunk[] {
  const file = Buffer.from(webp.buffer, webp.byteOffset, webp.length)
  if (file.length < 12) return []

  return chunksIn(file.subarray(0, Math.min(file.length, 8 + file.readUInt32LE(4))), 12)
}

/** How a WebP has to be turned to be upright. */
export function webpOrientation(webp: Uint8Array): Orientation {
  const block = chunksOf(webp).find(({ type }) => type === "EXIF")
  return block ? orientationOf(block.data) : 1
}

/** The first frame of an animated WebP as a picture of its own; `null` when it is not animated. */
export function firstWebpFrame(webp: Uint8Array): Buffer | null {
  const chunks = chunksOf(webp)
  const frame = chunks.find(({ type }) => type === "ANMF")
  const size = frame?.data.subarray(6, 12)
  if (!frame || size?.length !== 6) return null

  const shown = pixelChunksOf(frame)
  const profile = chunks.filter(({ type }) => type === "ICCP")
  const hasAlpha = shown.some(({ type }) => type === "ALPH" || type === "VP8L")
  const header = Buffer.concat([
    Buffer.from([(hasAlpha ? flags.alpha : 0) | (profile.length > 0 ? flags.profile : 0), 0, 0, 0]),
    size,
  ])
  return fileOf([{ type: "VP8X", data: header }, ...profile, ...shown])
}

/**
 * Copies the frames, timing and color profile of an animated WebP to a new file, without metadata and what stands
 * behind the end. Returns `null` when it is not animated, damaged or too large.
 */
export function cleanWebp(webp: Uint8Array): Animation | null {
  const chunks = chunksOf(webp)
  const [header] = chunks
  const frames = chunks.filter(({ type }) => type === "ANMF")
  if (header?.type !== "VP8X" || header.data.length !== 10) return null
  if (!((header.data[0] ?? 0) & flags.animation) || frames.length < 1 || frames.length > maxFrames)
    return null

  const [width, height] = [header.data.readUIntLE(4, 3) + 1, header.data.readUIntLE(7, 3) + 1]
  let pixels = 0
  const copied: Chunk[] = []
  for (const frame of frames) {
    if (frame.data.length < frameHead) return null
    const [left, top] = [frame.data.readUIntLE(0, 3) * 2, frame.data.readUIntLE(3, 3) * 2]
    const [frameWidth, frameHeight] = [frame.data.readUIntLE(6, 3) + 1, frame.data.readUIntLE(9, 3) + 1]
    pixels += frameWidth * frameHeight
    const fits = left + frameWidth <= width && top + frameHeight <= height && pixels <= maxFramePixels
    const shown = pixelChunksOf(frame)
    if (!fits || shown.length === 0) return null
    copied.push({
      type: "ANMF",
      data: Buffer.concat([frame.data.subarray(0, frameHead), ...shown.map(bytesOf)]),
    })
  }

  const orientation = webpOrientation(webp)
  const isTurned = orientation !== 1
  const profile = chunks.filter(({ type }) => type === "ICCP")
  const loop = chunks.filter(({ type, data }) => type === "ANIM" && data.length === 6).slice(0, 1)
  const head = Buffer.from(header.data)
  const hasAlpha = (head[0] ?? 0) & flags.alpha
  head[0] =
    flags.animation | hasAlpha | (profile.length > 0 ? flags.profile : 0) | (isTurned ? flags.exif : 0)
  const block = isTurned ? [{ type: "EXIF", data: orientationBlock(orientation) }] : []
  const bytes = new Uint8Array(
    fileOf([{ type: "VP8X", data: head }, ...profile.slice(0, 1), ...loop, ...copied, ...block]),
  )
  return isSideways(orientation) ? { bytes, width: height, height: width } : { bytes, width, height }
}

/** The chunks of a frame: pixels and transparency. */
function pixelChunksOf({ data }: Chunk): Chunk[] {
  const shown = chunksIn(data, frameHead).filter(({ type }) => /^(ALPH|VP8 |VP8L)$/.test(type))
  const pixels = shown.find(({ type }) => type !== "ALPH")
  const alpha = shown.find(({ type }) => type === "ALPH")
  if (!pixels) return []
  return alpha && pixels.type === "VP8 " ? [alpha, pixels] : [pixels]
}

function bytesOf({ type, data }: Chunk): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, "latin1")
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

function fileOf(chunks: Chunk[]): Buffer {
  const body = Buffer.concat(chunks.map(bytesOf))
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1")
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}
