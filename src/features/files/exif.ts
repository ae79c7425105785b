/** How a picture has to be turned to be upright, as EXIF counts it: 1 is upright already. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

const orientationTag = 0x0112
const maxTags = 200

/** The orientation in a block of EXIF, with or without the name before it; 1 when it says none. Source: TIFF 6.0, EXIF 2.32. */
export function orientationOf(block: Uint8Array): Orientation {
  const named = Buffer.from(block.buffer, block.byteOffset, block.length)
  const tiff = named.toString("latin1", 0, 6) === "Exif\0\0" ? named.subarray(6) : named
  const order = tiff.toString("latin1", 0, 4)
  if ((order !== "II*\0" && order !== "MM\0*") || tiff.length < 10) return 1

  const isLittle = order.startsWith("II")
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (directory + 2 > tiff.length) return 1

  const tags = Math.min(short(directory), maxTags)
  for (let tag = 0; tag < tags; tag++) {
    const at = directory + 2 + tag * 12
    if (at + 12 > tiff.length) return 1
    if (short(at) !== orientationTag) continue
    const value = short(at + 8)
    return value >= 1 && value <= 8 ? (value as Orientation) : 1
  }
  return 1
}

/** A block of EXIF that says nothing but the orientation: for animations, whose pixels are copied as they are. */
export function orientationBlock(orientation: Orientation): Buffer {
  const tiff = Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0", "latin1")
  tiff.writeUInt16BE(orientation, 18)
  return tiff
}

/** Whether width and height change places. */
export function isSideways(orientation: Orientation): boolean {
  return orientation >= 5
}

/** Turns a picture upright. Bun does it itself only where a JPEG says so. */
export function upright(image: Bun.Image, orientation: Orientation): Bun.Image {
  if (orientation === 2) return image.flop()
  if (orientation === 3) return image.rotate(180)
  if (orientation === 4) return image.flip()
  if (orientation === 5) return image.rotate(90).flop()
  if (orientation === 6) return image.rotate(90)
  if (orientation === 7) return image.rotate(90).flip()
  return orientation === 8 ? image.rotate(270) : image
}
