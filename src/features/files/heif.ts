import { type Box, boxesIn, brandsOf, findBox } from "./isobmff.ts"

/** The sides of a picture in pixels. */
interface Size {
  width: number
  height: number
}

/** The boxes of the properties of all pictures in the file, such as tiles and thumbnails. Source: ISO/IEC 23008-12, 6.5. */
function propertiesOf(file: Buffer): Box[] {
  const meta = findBox(file, ["meta"])
  if (!meta) return []

  const properties = findBox(file, ["iprp", "ipco"], boxesIn(file, meta.from + 4, meta.to))
  return properties ? boxesIn(file, properties.from, properties.to) : []
}

/** The size of the largest picture in a file of the HEIF family; `undefined` when it says none. */
export function heifSizeOf(file: Buffer): Size | undefined {
  const sizes = propertiesOf(file)
    .filter(({ type, from, to }) => type === "ispe" && to - from >= 12)
    .map(({ from }) => ({ width: file.readUInt32BE(from + 4), height: file.readUInt32BE(from + 8) }))
  return sizes.toSorted((one, other) => other.width * other.height - one.width * one.height)[0]
}

/** The color profile; `undefined` when its colors are meant as usual. */
export function heifProfileOf(file: Buffer): Buffer | undefined {
  const colors = propertiesOf(file).find(
    ({ type, from }) => type === "colr" && /^(prof|rICC)$/.test(file.toString("latin1", from, from + 4)),
  )
  return colors && file.subarray(colors.from + 4, colors.to)
}

/** Whether an AVIF shows several pictures after one another. */
export function isAvifAnimation(file: Buffer): boolean {
  return brandsOf(file).includes("avis") && findBox(file, ["moov"]) !== undefined
}

/** The parts of an animation that are needed to show it; all others are cut off or blanked. */
const shownParts = new Set(["ftyp", "meta", "moov", "mdat", "free", "skip"])

/**
 * Blanks the metadata of an animated AVIF: camera and location, and what programs add. In place, because boxes say where
 * others are by their distance from the start. Returns `null` when it is damaged or its metadata cannot be found.
 */
export function cleanAvif(input: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const file = Buffer.from(input)
  const boxes = boxesIn(file)
  const end = boxes.at(-1)?.to
  const meta = boxes.find(({ type }) => type === "meta")
  if (end === undefined || (meta && !blankItems(file, meta))) return null

  for (const box of boxes) {
    if (!shownParts.has(box.type) || box.type === "free" || box.type === "skip") blank(file, box)
    if (box.type === "moov") blankUserData(file, box)
  }
  return new Uint8Array(file.subarray(0, end))
}

/** Turns a box into free space. */
function blank(file: Buffer, { start, from, to }: Box): void {
  file.write("free", start + 4, "latin1")
  file.fill(0, from, to)
}

/** In a movie and each of its tracks. */
function blankUserData(file: Buffer, within: Box): void {
  for (const box of boxesIn(file, within.from, within.to)) {
    if (/^(udta|meta|uuid|free|skip)$/.test(box.type)) blank(file, box)
    if (box.type === "trak") blankUserData(file, box)
  }
}

/** Fills the items of EXIF and XMP with zeros. `false` when a table has a form that is not known. Source: ISO/IEC 14496-12, 8.11. */
function blankItems(file: Buffer, meta: Box): boolean {
  const boxes = boxesIn(file, meta.from + 4, meta.to)
  const [information, locations] = [findBox(file, ["iinf"], boxes), findBox(file, ["iloc"], boxes)]
  if (!information) return true

  const isLong = file.readUInt8(information.from) > 0
  const items = boxesIn(file, information.from + (isLong ? 8 : 6), information.to)
  const private_ = items.flatMap(({ type, from, to }) => {
    if (type !== "infe" || to - from < 12) return []
    const version = file.readUInt8(from)
    const idBytes = version === 3 ? 4 : 2
    const kind = file.toString("latin1", from + 6 + idBytes, from + 10 + idBytes)
    return kind === "Exif" || kind === "mime" ? [file.readUIntBE(from + 4, idBytes)] : []
  })
  if (private_.length === 0) return true
  const extents = locations && extentsOf(file, locations)
  if (!extents) return false

  for (const { item, at, length } of extents) if (private_.includes(item)) file.fill(0, at, at + length)
  return true
}

/** Parts of items that are looked at. Where their places take no bytes, a file of 1 MB could have billions. */
const maxExtents = 100

interface Extent {
  item: number
  at: number
  length: number
}

/** The offsets of the items from the start of the file; `undefined` for other ways to address them. */
function extentsOf(file: Buffer, { from, to }: Box): Extent[] | undefined {
  const version = file.readUInt8(from)
  const [sizes = 0, more = 0] = file.subarray(from + 4, from + 6)
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [sizes >> 4, sizes & 15, more >> 4, more & 15]
  const widths = [offsetBytes, lengthBytes, baseBytes]
  if (version > 2 || indexBytes > 0 || widths.some((bytes) => ![0, 4].includes(bytes))) return undefined

  let at = from + 6
  const take = (bytes: number) => {
    if (at + bytes > to) throw new RangeError("The table of places ends too early")
    const value = bytes === 0 ? 0 : file.readUIntBE(at, bytes)
    at += bytes
    return value
  }
  const extents: Extent[] = []
  for (let items = take(version < 2 ? 2 : 4); items > 0; items--) {
    const item = take(version < 2 ? 2 : 4)
    // From the start of the file, or in a box of its own that is not looked into.
    if (version > 0 && take(2) !== 0) return undefined
    take(2)
    const base = take(baseBytes)
    const count = take(2)
    if (extents.length + count > maxExtents) return undefined
    for (let left = count; left > 0; left--) {
      extents.push({ item, at: base + take(offsetBytes), length: take(lengthBytes) })
    }
  }
  return extents
}
