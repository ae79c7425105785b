/** Frames of an animation, and their pixels together: what a browser has to unpack to show it. */
const maxFrames = 2000
const maxFramePixels = 250_000_000
/** How long others may wait while one is checked. */
const turnMs = 5

/** An animated GIF that holds nothing but its frames. */
export interface Animation {
  bytes: Uint8Array<ArrayBuffer>
  width: number
  height: number
}

/**
 * Writes an animated GIF anew from its frames: comments, programs' blocks and whatever is hidden behind the end of
 * a frame or of the file stay behind. `null` when it is not animated, broken or too large to be shown.
 * Source: GIF89a specification, W3C.
 */
export async function cleanGif(given: Uint8Array): Promise<Animation | null> {
  try {
    return await clean(given)
  } catch (error) {
    // It ends before it should.
    if (error instanceof RangeError) return null
    throw error
  }
}

async function clean(given: Uint8Array): Promise<Animation | null> {
  const source = Buffer.from(given.buffer, given.byteOffset, given.length)
  const [width, height] = [source.readUInt16LE(6), source.readUInt16LE(8)]
  let at = 13 + tableBytes(source.readUInt8(10))
  const kept: Uint8Array[] = [source.subarray(0, at)]
  let [frames, pixels] = [0, 0]
  let since = performance.now()

  for (;;) {
    const block = source.readUInt8(at)
    if (block === 0x3b) break
    if (block === 0x21) {
      const end = endOfBlocks(source, at + 2)
      if (isNeeded(source, at)) kept.push(source.subarray(at, end))
      at = end
      continue
    }
    if (block !== 0x2c) return null

    const [left, top] = [source.readUInt16LE(at + 1), source.readUInt16LE(at + 3)]
    const [wide, high] = [source.readUInt16LE(at + 5), source.readUInt16LE(at + 7)]
    frames++
    pixels += wide * high
    const isInside = left + wide <= width && top + high <= height && wide * high > 0
    if (!isInside || frames > maxFrames || pixels > maxFramePixels) return null

    const dataAt = at + 10 + tableBytes(source.readUInt8(at + 9))
    const codeBits = source.readUInt8(dataAt)
    const end = endOfBlocks(source, dataAt + 1)
    const data = joined(source, dataAt + 1)
    const used = usedBytes(data, codeBits, wide * high)
    if (used === null) return null

    kept.push(source.subarray(at, dataAt + 1), split(data.subarray(0, used)))
    at = end
    if (performance.now() - since > turnMs) {
      await new Promise((resolve) => setImmediate(resolve))
      since = performance.now()
    }
  }
  if (frames < 2) return null

  return { bytes: new Uint8Array(Buffer.concat([...kept, Uint8Array.of(0x3b)])), width, height }
}

/** A table of colours: whether there is one, and how long, is said by the byte before it. */
function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** How long each frame is orThrow, and how often all are. */
function isNeeded(source: Buffer, at: number): boolean {
  const label = source.readUInt8(at + 1)
  const isTiming = label === 0xf9 && source.readUInt8(at + 2) === 4 && source.readUInt8(at + 7) === 0
  const loops = "\x0bNETSCAPE2.0\x03\x01"
  const isLoop =
    label === 0xff &&
    source.toString("latin1", at + 2, at + 2 + loops.length) === loops &&
    source.readUInt8(at + 18) === 0
  return isTiming || isLoop
}

/** Where the blocks that begin there have ended: each says its length, the last is empty. */
function endOfBlocks(source: Buffer, from: number): number {
  let at = from
  for (let length = source.readUInt8(at); length > 0; length = source.readUInt8(at)) at += length + 1
  return at + 1
}

function joined(source: Buffer, from: number): Buffer {
  const blocks: Buffer[] = []
  let at = from
  for (let length = source.readUInt8(at); length > 0; length = source.readUInt8(at)) {
    blocks.push(source.subarray(at + 1, at + 1 + length))
    at += length + 1
  }
  return Buffer.concat(blocks)
}

function split(data: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 255) {
    const block = data.subarray(at, at + 255)
    blocks.push(Uint8Array.of(block.length), block)
  }
  return Buffer.concat([...blocks, Uint8Array.of(0)])
}

/**
 * Unpacks a frame only as far as counting its pixels goes, and says how many bytes make all of them; `null` when
 * they do not, or make more. Source: GIF89a, Appendix F (LZW with codes of growing length).
 */
function usedBytes(data: Uint8Array, codeBits: number, pixels: number): number | null {
  if (codeBits < 2 || codeBits > 8) return null

  const [clear, end] = [1 << codeBits, (1 << codeBits) + 1]
  // How many pixels each code stands for.
  const lengths = new Uint32Array(4096).fill(1, 0, clear)
  let [next, bits, previous] = [end + 1, codeBits + 1, -1]
  let [held, heldBits, counted] = [0, 0, 0]

  for (let at = 0; at < data.length; ) {
    while (heldBits < bits && at < data.length) {
      held |= (data[at++] ?? 0) << heldBits
      heldBits += 8
    }
    while (heldBits >= bits) {
      const code = held & ((1 << bits) - 1)
      held >>>= bits
      heldBits -= bits
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
  // Some leave out the code that says that it ends.
  return counted === pixels ? data.length : null
}
