import { inflateSync } from "node:zlib"
import { chunksOf } from "../../src/features/files/png.ts"

/** Reads pixels of a PNG of eight bits with three or four channels. Source: PNG specification, 9. */
export function unfilteredPixels(png: Uint8Array): (x: number, y: number) => number[] {
  const chunks = chunksOf(png)
  const header = Buffer.from(chunks[0]?.data ?? [])
  const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 6 ? 4 : 3]
  const data = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)),
  )
  const rowBytes = width * channels
  const rows = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (rowBytes + 1)] ?? 0
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x
      const a = x < channels ? 0 : (rows[at - channels] ?? 0)
      const b = y === 0 ? 0 : (rows[at - rowBytes] ?? 0)
      const c = x < channels || y === 0 ? 0 : (rows[at - rowBytes - channels] ?? 0)
      const paeth = [a, b, c].toSorted((p, q) => Math.abs(a + b - c - p) - Math.abs(a + b - c - q))[0] ?? 0
      const predicted = [0, a, b, (a + b) >> 1, paeth][filter] ?? 0
      rows[at] = ((data[y * (rowBytes + 1) + 1 + x] ?? 0) + predicted) & 0xff
    }
  }
  return (x, y) => [...rows.subarray((y * width + x) * channels, (y * width + x + 1) * channels)]
}
