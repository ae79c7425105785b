import { deflateSync, inflateSync } from "node:zlib"
import { maxPixels } from "./images.ts"
import { chunksOf, pngOf } from "./png.ts"

// Bun.Image scales and encodes, but cannot crop. So the picture becomes a small PNG, whose rows are cut here.
// Source: PNG specification, https://www.w3.org/TR/png-3/

/** The longest side of what is cut, as a multiple of a square's: bounds the memory for very long pictures. */
const maxLength = 8
/** By the color type: grey, true color, palette, grey and alpha, true color and alpha. */
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** The middle of a picture as squares of these sides in pixels. Fails with the errors of `Bun.Image`. */
export async function squaresOf(
  input: Uint8Array,
  sizes: readonly number[],
  format: "webp" | "png" = "webp",
) {
  const largest = Math.max(...sizes)
  const limit = largest * maxLength
  const turned = await new Bun.Image(input, { maxPixels })
    .resize(limit, limit, { fit: "inside", withoutEnlargement: true })
    .png()
    .bytes()
  const { width, height } = await new Bun.Image(turned).metadata()
  const scale = largest / Math.min(width, height)
  const scaled = (side: number) => Math.min(limit, Math.max(largest, Math.round(side * scale)))
  const covering = new Bun.Image(turned).resize(scaled(width), scaled(height), { fit: "fill" })
  const square = cutMiddle(await covering.png().bytes(), largest)

  return Promise.all(
    sizes.map(async (size) => {
      const scaled = new Bun.Image(square).resize(size, size)
      return { size, bytes: await (format === "png" ? scaled.png() : scaled.webp({ quality: 85 })).bytes() }
    }),
  )
}

/** The square in the middle of a PNG that is not interlaced. */
export function cutMiddle(png: Uint8Array, side: number): Uint8Array {
  const chunks = chunksOf(png)
  const header = Buffer.from(chunks.find(({ type }) => type === "IHDR")?.data ?? [])
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const pixelBytes = (header.readUInt8(8) / 8) * (channelsOf[header.readUInt8(9)] ?? 4)
  const data = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)),
  )

  const rowBytes = width * pixelBytes
  const rows = unfiltered(data, rowBytes, pixelBytes)
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)]
  const cut = new Uint8Array(side * (side * pixelBytes + 1))
  for (let y = 0; y < side; y++) {
    const from = (top + y) * rowBytes + left * pixelBytes
    cut.set(rows.subarray(from, from + side * pixelBytes), y * (side * pixelBytes + 1) + 1)
  }

  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // The others say how the colors are meant.
  const others = chunks.filter(({ type }) => !["IHDR", "IDAT", "IEND"].includes(type))
  const written = [
    { type: "IHDR", data: header },
    ...others,
    { type: "IDAT", data: deflateSync(cut, { level: 1 }) },
  ]
  return pngOf(png, [...written, { type: "IEND", data: new Uint8Array() }])
}

/** The bytes of all pixels. Each row begins with the filter that was applied to it. */
function unfiltered(data: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const height = data.length / (rowBytes + 1)
  const rows = new Uint8Array(height * rowBytes)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (rowBytes + 1)] ?? 0
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x
      const left = x < pixelBytes ? 0 : (rows[at - pixelBytes] ?? 0)
      const above = y === 0 ? 0 : (rows[at - rowBytes] ?? 0)
      const corner = x < pixelBytes || y === 0 ? 0 : (rows[at - rowBytes - pixelBytes] ?? 0)
      // Stored modulo 256, by the type of the array.
      rows[at] = (data[y * (rowBytes + 1) + 1 + x] ?? 0) + predictionOf(filter, left, above, corner)
    }
  }
  return rows
}

function predictionOf(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  if (filter === 4) return paeth(left, above, corner)
  return 0
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner
  const [toLeft, toAbove, toCorner] = [
    Math.abs(estimate - left),
    Math.abs(estimate - above),
    Math.abs(estimate - corner),
  ]
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
