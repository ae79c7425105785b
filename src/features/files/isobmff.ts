/** Boxes of one level that are looked at: a file of a million empty boxes must not keep the server busy. */
const maxBoxes = 256

/** A box of the ISO base media file format: MP4, QuickTime, HEIF and AVIF consist of them. Source: ISO/IEC 14496-12, 4.2. */
export interface Box {
  type: string
  /** Offsets: start of the box, start of its content, end of the box. */
  start: number
  from: number
  to: number
}

/** The boxes between two offsets, up to the first damaged one. */
export function boxesIn(file: Buffer, from = 0, to = file.length): Box[] {
  const boxes: Box[] = []
  for (let at = from; at + 8 <= to && boxes.length < maxBoxes; ) {
    const short = file.readUInt32BE(at)
    const isLong = short === 1
    if (isLong && at + 16 > to) break
    const size = isLong ? Number(file.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short
    const header = isLong ? 16 : 8
    if (size < header) break
    const end = Math.min(to, at + size)
    boxes.push({ type: file.toString("latin1", at + 4, at + 8), start: at, from: at + header, to: end })
    at += size
  }
  return boxes
}

/** The first box of a path such as `["moov", "trak"]`. */
export function findBox(file: Buffer, path: string[], within: Box[] = boxesIn(file)): Box | undefined {
  const [first, ...rest] = path
  const box = within.find(({ type }) => type === first)
  return !box || rest.length === 0 ? box : findBox(file, rest, boxesIn(file, box.from, box.to))
}

/** The names of the formats that a file says it follows, the main one first. */
export function brandsOf(head: Buffer): string[] {
  if (head.length < 16 || head.toString("latin1", 4, 8) !== "ftyp") return []

  const size = Math.min(head.readUInt32BE(0), head.length, 256)
  const brands = [head.toString("latin1", 8, 12)]
  for (let at = 16; at + 4 <= size; at += 4) brands.push(head.toString("latin1", at, at + 4))
  return brands
}

const heicBrands = /^(hei[cxms]|hev[cxms])$/

/** The type of a picture of the HEIF family. Sources: ISO/IEC 23008-12, annex B; AVIF 1.1, section 6. */
export function heifTypeOf(head: Buffer): string | undefined {
  const [main = "", ...others] = brandsOf(head)
  if (/^avi[fs]$/.test(main)) return "image/avif"
  if (heicBrands.test(main)) return "image/heic"
  // The brand of the family leaves open how the picture is encoded.
  if (main !== "mif1" && main !== "msf1") return undefined
  if (others.some((brand) => /^avi[fs]$/.test(brand))) return "image/avif"
  return others.some((brand) => heicBrands.test(brand)) ? "image/heic" : "image/heif"
}

/** The type of a recording: sound when none of its tracks is for the eye. */
export function isobmffTypeOf(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const [main] = brandsOf(file)
  // QuickTime before it had brands.
  if (main === undefined)
    return /^(moov|mdat|wide|free|skip)$/.test(file.toString("latin1", 4, 8)) && findBox(file, ["moov"])
      ? "video/quicktime"
      : undefined
  if (/^(M4A|M4B|M4P|F4A|F4B)/.test(main)) return "audio/mp4"

  const kinds = trackKindsOf(file)
  if (kinds.includes("soun") && !kinds.includes("vide"))
    return main.startsWith("3g") ? "audio/3gpp" : "audio/mp4"
  if (main === "qt  ") return "video/quicktime"
  return /^3g[2ehpgs]/.test(main) ? "video/3gpp" : "video/mp4"
}

/** The kinds of the tracks, such as `soun` and `vide`. Source: ISO/IEC 14496-12, 8.4.3. */
function trackKindsOf(file: Buffer): string[] {
  const movie = findBox(file, ["moov"])
  if (!movie) return []

  return boxesIn(file, movie.from, movie.to)
    .filter(({ type }) => type === "trak")
    .flatMap((track) => {
      const handler = findBox(file, ["mdia", "hdlr"], boxesIn(file, track.from, track.to))
      return handler && handler.from + 12 <= handler.to
        ? [file.toString("latin1", handler.from + 8, handler.from + 12)]
        : []
    })
}
