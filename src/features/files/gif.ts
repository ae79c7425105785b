/** Frames of an animation and the sum of their pixels: a browser has to decode all of them. */
const maxFrames = 2000
const maxFramePixels = 250_000_000
/** Longest time that the check of one animation blocks the event loop. */
const sliceMs = 5

/** An animated GIF without metadata. */
export interface CleanedGif {
  bytes: Uint8Array<ArrayBuffer>
  width: number
  height: number
}

/**
 * Copies the frames and timing of an animated GIF to a new file. Drops comments, application blocks and data hidden
 * after the end of a frame or of the file. Returns `null` when the GIF is not animated, damaged or too large.
 * Source: GIF89a specification, W3C.
 */
export async function cleanGif(input: Uint8Array): Promise<CleanedGif | null> {
  try {
    return await copyFrames(input)
  } catch (error) {
    // The file is truncated.
    if (error instanceof RangeError) return null
    throw error
  }
}

async function copyFrames(input: Uint8Array): Promise<CleanedGif | null> {
  const source = Buffer.from(input.buffer, input.byteOffset, input.length)
  const [width, height] = [source.readUInt16LE(6), source.readUInt16LE(8)]
  let at = 13 + colorTableBytes(source.readUInt8(10))
  const output: Uint8Array[] = [source.subarray(0, at)]
  let [frames, pixels] = [0, 0]
  let sliceStart = performance.now()

  for (;;) {
    const block = source.readUInt8(at)
    if (block === 0x3b) break
    if (block === 0x21) {
      const end = endOfSubBlocks(source, at + 2)
      if (isTimingBlock(source, at)) output.push(source.subarray(at, end))
      at = end
      continue
    }
    if (block !== 0x2c) return null

    const [left, top] = [source.readUInt16LE(at + 1), source.readUInt16LE(at + 3)]
    const [frameWidth, frameHeight] = [source.readUInt16LE(at + 5), source.readUInt16LE(at + 7)]
    frames++
    pixels += frameWidth * frameHeight
    const fits = left + frameWidth <= width && top + frameHeight <= height && frameWidth * frameHeight > 0
    if (!fits || frames > maxFrames || pixels > maxFramePixels) return null

    const dataAt = at + 10 + colorTableBytes(source.readUInt8(at + 9))
    const codeBits = source.readUInt8(dataAt)
    const end = endOfSubBlocks(source, dataAt + 1)
    const data = joinSubBlocks(source, dataAt + 1)
    const used = usedBytes(data, codeBits, frameWidth * frameHeight)
    if (used === null) return null

    output.push(source.subarray(at, dataAt + 1), splitIntoSubBlocks(data.subarray(0, used)))
    at = end
    if (performance.now() - sliceStart > sliceMs) {
      await new Promise((resolve) => setImmediate(resolve))
      sliceStart = performance.now()
    }
  }
  if (frames < 2) return null

  return { bytes: new Uint8Array(Buffer.concat([...output, Uint8Array.of(0x3b)])), width, height }
}

/** The size of the colour table that follows a byte of flags; 0 when there is none. */
function colorTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Whether an extension block contains the duration of a frame or the number of repetitions. */
function isTimingBlock(source: Buffer, at: number): boolean {
  const label = source.readUInt8(at + 1)
  const isFrameDelay = label === 0xf9 && source.readUInt8(at + 2) === 4 && source.readUInt8(at + 7) === 0
  const loops = "\x0bNETSCAPE2.0\x03\x01"
  const isLoop =
    label === 0xff &&
    source.toString("latin1", at + 2, at + 2 + loops.length) === loops &&
    source.readUInt8(at + 18) === 0
  return isFrameDelay || isLoop
}

/** The offset after a sequence of sub-blocks: each begins with its length, and the last is empty. */
function endOfSubBlocks(source: Buffer, from: number): number {
  let at = from
  for (let length = source.readUInt8(at); length > 0; length = source.readUInt8(at)) at += length + 1
  return at + 1
}

function joinSubBlocks(source: Buffer, from: number): Buffer {
  const blocks: Buffer[] = []
  let at = from
  for (let length = source.readUInt8(at); length > 0; length = source.readUInt8(at)) {
    blocks.push(source.subarray(at + 1, at + 1 + length))
    at += length + 1
  }
  return Buffer.concat(blocks)
}

function splitIntoSubBlocks(data: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 255) {
    const block = data.subarray(at, at + 255)
    blocks.push(Uint8Array.of(block.length), block)
  }
  return Buffer.concat([...blocks, Uint8Array.of(0)])
}

/**
 * Returns how many bytes of a frame's data encode its pixels; `null` when they encode fewer or more. Counts pixels
 * without decoding their colours. Source: GIF89a, Appendix F (variable-length-code LZW).
 */
function usedBytes(data: Uint8Array, codeBits: number, pixels: number): number | null {
  if (codeBits < 2 || codeBits > 8) return null

  const [clear, end] = [1 << codeBits, (1 << codeBits) + 1]
  // The number of pixels that each code represents.
  const lengths = new Uint32Array(4096).fill(1, 0, clear)
  let [next, bits, previous] = [end + 1, codeBits + 1, -1]
  let [buffer, bufferedBits, counted] = [0, 0, 0]

  for (let at = 0; at < data.length; ) {
    while (bufferedBits < bits && at < data.length) {
      buffer |= (data[at++] ?? 0) << bufferedBits
      bufferedBits += 8
    }
    while (bufferedBits >= bits) {
      const code = buffer & ((1 << bits) - 1)
      buffer >>>= bits
      bufferedBits -= bits
      if (code === end) return counted === pixels ? at : null
      if (code === clear) {
        next = end + 1
        bits = codeBits + 1
        previous = -1
        continue
      }
      if (code > next || (code === next && previous < 0)) return null

      const before = previous < 0 ? 0 : (lengths[previous] ?? 0)
      if (previous >= 0 && next < 4096) lengths[next++] = before + 1
      counted += lengths[code] ?? 0
      if (counted > pixels) return null
      previous = code
      if (next === 1 << bits && bits < 12) bits++
    }
  }
  // Some encoders omit the end code.
  return counted === pixels ? data.length : null
}
