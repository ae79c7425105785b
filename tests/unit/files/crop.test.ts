import { expect, test } from "bun:test"
import { crc32, deflateSync } from "node:zlib"
import { cutMiddle, squaresOf } from "../../../src/features/files/crop.ts"
import { picture } from "../../support/pictures.ts"

const [red, green, blue] = [
  [230, 20, 70],
  [10, 200, 90],
  [40, 60, 250],
]

test("the middle is cropped, with any row filters", async () => {
  const row = [red, green, blue].flatMap((color) => Array.from({ length: 10 }, () => color).flat())
  const striped = pngOf(30, Array.from({ length: 10 }, () => row) as number[][])
  const middle = pngOf(10, Array.from({ length: 10 }, () => row.slice(30, 60)) as number[][])

  const cut = cutMiddle(striped, 10)

  expect(await new Bun.Image(cut).metadata()).toMatchObject({ width: 10, height: 10 })
  expect(await new Bun.Image(cut).png().bytes()).toEqual(await new Bun.Image(middle).png().bytes())
  const square = await new Bun.Image(striped).resize(30, 10).png().bytes()
  expect(await new Bun.Image(cutMiddle(square, 10)).png().bytes()).toEqual(
    await new Bun.Image(middle).png().bytes(),
  )
})

for (const [width, height] of [
  [1, 1],
  [600, 300],
  [30, 4000],
  [9000, 2],
] as const) {
  test(`a picture of ${width} by ${height} becomes squares`, async () => {
    const squares = await squaresOf(await picture("png", width, height), [128, 512])

    for (const { size, bytes } of squares) {
      expect(await new Bun.Image(bytes).metadata()).toMatchObject({
        width: size,
        height: size,
        format: "webp",
      })
    }
    expect(squares.map(({ size }) => size)).toEqual([128, 512])
  })
}

/** A true-color PNG whose rows have all five filters in turn. */
function pngOf(width: number, rows: number[][]): Buffer {
  const data = rows.flatMap((row, y) => {
    const filter = y % 5
    const above = rows[y - 1] ?? row.map(() => 0)
    return [filter, ...row.map((value, x) => (value - prediction(filter, row, above, x)) & 255)]
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(rows.length, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const chunks: [string, Buffer][] = [
    ["IHDR", header],
    ["IDAT", deflateSync(Buffer.from(data))],
    ["IEND", Buffer.alloc(0)],
  ]
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...chunks.map((chunk) => chunkOf(...chunk)),
  ])
}

function prediction(filter: number, row: number[], above: number[], x: number): number {
  const [a, b, c] = [row[x - 3] ?? 0, above[x] ?? 0, above[x - 3] ?? 0]
  const estimate = a + b - c
  const nearest = [a, b, c].toSorted((one, other) => Math.abs(estimate - one) - Math.abs(estimate - other))
  return [0, a, b, (a + b) >> 1, nearest[0] ?? 0][filter] ?? 0
}

function chunkOf(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, checksum])
}
