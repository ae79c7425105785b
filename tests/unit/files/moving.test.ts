import { describe, expect, test } from "bun:test"
import { deflateSync } from "node:zlib"
import { orientationBlock, orientationOf } from "../../../src/features/files/exif.ts"
import { cleanAvif, isAvifAnimation } from "../../../src/features/files/heif.ts"
import { readPicture } from "../../../src/features/files/images.ts"
import { chunksOf, pngOf, pngOfPixels } from "../../../src/features/files/png.ts"
import { cleanWebp } from "../../../src/features/files/webp.ts"
import { box, ftyp, latin, movie, riff, riffChunk } from "../../support/signatures.ts"

const secret = "GPS 52.52 N <script>alert(1)</script>"
const red = [200, 30, 30, 255]
const blue = [30, 30, 200, 255]
const clear = [0, 0, 0, 0]

/** A picture of two columns and one row for each pair of colors. */
function pixels(rows: number[][][]): { png: Buffer; width: number; height: number } {
  const [width, height] = [rows[0]?.length ?? 0, rows.length]
  return { png: pngOfPixels(new Uint8Array(rows.flat(2)), { width, height }), width, height }
}

/** Red, green or blue, of the corners of a picture: top left, top right, bottom left, bottom right. */
async function cornersOf(bytes: Uint8Array): Promise<string> {
  const { width, height } = await new Bun.Image(bytes).metadata()
  const png = await new Bun.Image(bytes).png({ compressionLevel: 0 }).bytes()
  const { unfilteredPixels } = await import("../../support/pixels.ts")
  const at = unfilteredPixels(png)
  return [at(0, 0), at(width - 1, 0), at(0, height - 1), at(width - 1, height - 1)]
    .map(([r = 0, , b = 0, a = 255]) => (a < 128 ? "." : r > 150 ? "r" : b > 150 ? "b" : "?"))
    .join("")
}

describe("EXIF turns a picture upright", () => {
  // Red above blue on the left, nothing on the right: the eight ways to hold a camera tell apart. Source: EXIF 2.32, 4.6.4.
  const upright = pixels([
    ...Array.from({ length: 8 }, () => [...Array(8).fill(red), ...Array(8).fill(clear)]),
    ...Array.from({ length: 8 }, () => [...Array(8).fill(blue), ...Array(8).fill(clear)]),
  ])
  const expected: [orientation: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8, corners: string][] = [
    [1, "r.b."],
    [2, ".r.b"],
    [3, ".b.r"],
    [4, "b.r."],
    [5, "rb.."],
    [6, "br.."],
    [7, "..br"],
    [8, "..rb"],
  ]

  test.each(expected)("in a PNG, %p", async (orientation, corners) => {
    const [header, ...rest] = chunksOf(upright.png)
    const exif = { type: "eXIf", data: orientationBlock(orientation) }
    const given = pngOf(upright.png, [...(header ? [header] : []), exif, ...rest])

    const read = await readPicture(given)

    expect(await cornersOf(read?.bytes ?? given)).toBe(corners)
    expect(await cornersOf(read?.previews[0]?.bytes ?? given)).toBe(corners)
  })

  test("in a WebP, with the name before it that some programs write", async () => {
    const still = Buffer.from(await new Bun.Image(upright.png).webp({ lossless: true }).bytes())
    const size = Buffer.from([8 + 16 + 4, 0, 0, 0, 15, 0, 0, 15, 0, 0])
    const block = Buffer.concat([latin("Exif\0\0"), orientationBlock(6), latin(secret)])
    const pixelChunk = still.subarray(still.indexOf("VP8L"))
    const given = riff("WEBP", riffChunk("VP8X", size), pixelChunk, riffChunk("EXIF", block))

    const read = await readPicture(given)

    expect(await cornersOf(read?.bytes ?? given)).toBe("br..")
    expect(Buffer.from(read?.bytes ?? given).includes("GPS")).toBe(false)
  })

  test.each([
    ["nothing", ""],
    ["another order", "XX\0*\0\0\0\x08"],
    ["a directory far away", "MM\0*\xff\xff\xff\xff\0\0"],
    ["too many tags", "MM\0*\0\0\0\x08\xff\xff\x01\x12"],
    ["a value that is none", "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x09\0\0"],
  ])("a block with %s says nothing", (_, block) => {
    expect(orientationOf(latin(block))).toBe(1)
  })
})

describe("an animated WebP", () => {
  /** Two frames of four by four pixels. */
  async function moving({ hidden = "", left = 0 } = {}): Promise<Buffer> {
    const one = pixels(Array.from({ length: 4 }, () => Array(4).fill(red)))
    const frame = Buffer.from(await new Bun.Image(one.png).webp({ lossless: true }).bytes())
    const shown = frame.subarray(frame.indexOf("VP8L"))
    const head = Buffer.from([left, 0, 0, 0, 0, 0, 3, 0, 0, 3, 0, 0, 100, 0, 0, 0])
    const unknown = hidden ? riffChunk("XXXX", latin(hidden)) : Buffer.alloc(0)
    const frames = [1, 2].map(() => riffChunk("ANMF", Buffer.concat([head, shown, unknown])))
    const flags = Buffer.from([0x02 + 0x20 + (hidden ? 0x0c : 0), 0, 0, 0, 3, 0, 0, 3, 0, 0])
    const metadata = hidden ? [riffChunk("EXIF", latin(hidden)), riffChunk("XMP ", latin(hidden))] : []
    const file = riff(
      "WEBP",
      riffChunk("VP8X", flags),
      riffChunk("ICCP", latin("a profile")),
      riffChunk("ANIM", Buffer.from([0, 0, 0, 0, 0, 0])),
      ...frames,
      ...metadata,
    )
    return Buffer.concat([file, latin(hidden)])
  }

  test("stays one, with its profile and nothing hidden", async () => {
    const given = await moving({ hidden: secret })

    const read = await readPicture(given)

    expect(read).toMatchObject({ type: "image/webp", width: 4, height: 4, isAnimated: true })
    expect(Buffer.from(read?.bytes ?? []).equals(await moving())).toBe(true)
    expect(await cornersOf(read?.previews[0]?.bytes ?? given)).toBe("rrrr")
  })

  test("with a frame outside of its canvas, or truncated anywhere, is refused without an exception", async () => {
    expect(cleanWebp(await moving({ left: 1 }))).toBeNull()
    const whole = await moving()
    for (let length = 0; length < whole.length; length += 3) {
      const cut = cleanWebp(whole.subarray(0, length))
      if (cut) expect(cut.bytes.length).toBeLessThan(whole.length)
    }
    for (let at = 12; at < whole.length; at++) {
      const changed = Buffer.from(whole)
      changed[at] = 0xff
      cleanWebp(changed)
    }
  })
})

describe("an animated PNG", () => {
  function moving({ hidden = "", width = 16 } = {}): Buffer {
    const half = (color: number[]) => Array.from({ length: 8 }, () => Array(16).fill(color))
    const still = chunksOf(pixels([...half(red), ...half(blue)]).png)
    const [header, data, end] = [still[0], still.find(({ type }) => type === "IDAT"), still.at(-1)]
    const control = (sequence: number) => {
      const fields = Buffer.alloc(26)
      for (const [at, value] of [sequence, width, 16].entries()) fields.writeUInt32BE(value, at * 4)
      fields.writeUInt16BE(1, 20)
      fields.writeUInt16BE(10, 22)
      return { type: "fcTL", data: fields }
    }
    // Sixteen rows that are transparent, each behind its filter.
    const second = Buffer.concat([Buffer.from([0, 0, 0, 2]), deflateSync(Buffer.alloc(16 * (16 * 4 + 1)))])
    const texts = hidden
      ? ["tEXt", "eXIf", "prVt"].map((type) => ({ type, data: latin(`x\0${hidden}`) }))
      : []
    const chunks = [
      ...[header, { type: "acTL", data: Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]) }, ...texts],
      ...[control(0), data, control(1), { type: "fdAT", data: second }, end],
    ]
    const file = pngOf(
      pixels([[red]]).png,
      chunks.flatMap((chunk) => (chunk ? [chunk] : [])),
    )
    return Buffer.concat([file, latin(hidden)])
  }

  test("stays animated and loses its metadata", async () => {
    const read = await readPicture(moving({ hidden: secret }))

    expect(read).toMatchObject({ type: "image/png", width: 16, height: 16, isAnimated: true })
    expect(Buffer.from(read?.bytes ?? []).equals(moving())).toBe(true)
    expect(await cornersOf(read?.previews[0]?.bytes ?? new Uint8Array())).toBe("rrbb")
  })

  test("with a frame that is larger than its canvas is a still picture", async () => {
    expect(await readPicture(moving({ width: 17 }))).toMatchObject({ isAnimated: false })
  })
})

describe("the HEIF family", () => {
  const heic =
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAvxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAACAAAAGGlkYXQAAAAAACAAGAAAAAAAIAAYAAAAYGlsb2MBAAAAREAABAABAAAAAAAAAyAAAQAAAAAAAABTAAIAAQAAAAAAAAABAAAAAAAAAAgAAwAAAAAAAANzAAEAAAAAAAAAIgAEAAEAAAAAAAAAAQAAAAgAAAAIAAAAYmlpbmYAAAAAAAQAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAAAVaW5mZQIAAAEAAwAAaHZjMQAAAAAVaW5mZQIAAAAABAAAZ3JpZAAAAAGxaXBycAAAAYRpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQEDcAAAAwCQAAADAAADAB6gIIEFluqumubgQEDAgAAAAwCAAAADAIQiAAEABkQBwXPBiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlzcGUAAAAAAAAAIAAAABgAAAAQcGl4aQAAAAADCAgIAAAAcWh2Y0MBBAgAAAAAAAAAAAAe8AD8/Pj4AAAPAyAAAQAXQAEMAf//BAgAAAMAn/gAAAMAAB66AkAhAAEAJkIBAQQIAAADAJ/4AAADAAAewIIEFluqumubAgAAAwACAAADAAIQIgABAAZEAcFzwYkAAAAUaXNwZQAAAAAAAABAAAAAQAAAABRpc3BlAAAAAAAAACAAAAAYAAAADnBpeGkAAAAAAQgAAAAnYXV4QwAAAAB1cm46bXBlZzpoZXZjOjIwMTU6YXV4aWQ6MQAAAAAlaXBtYQAAAAAAAAAEAAECgQIAAgIDhAADAoUGAAQDB4iJAAAANmlyZWYAAAAAAAAADmRpbWcAAgABAAEAAAAOZGltZwAEAAEAAwAAAA5hdXhsAAQAAQACAAAAfW1kYXQAAABPKAGvUhdPdOb86r//lSv/6cSQ8nEAr/6Q9V9wvz/Th4QftNq0LK5CnxaK7soFxKoqa22Vi35Uv1Xt6db+m+pxqMCMmIVbcKrISPjhyABRQAAAAB4oAa6kJKHAtDJLxf1spfKBRLkH/9iAp/BlNJr1A+A="
  const avif =
    "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAZhtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAANGlsb2MAAAAAREAAAgACAAAAAAG8AAEAAAAAAAAAFAABAAAAAAHQAAEAAAAAAAAAKwAAADhpaW5mAAAAAAACAAAAFWluZmUCAAAAAAEAAGF2MDEAAAAAFWluZmUCAAAAAAIAAGF2MDEAAAAA12lwcnAAAACxaXBjbwAAABNjb2xybmNseAACAAIABoAAAAAMYXYxQ4EAHAAAAAAUaXNwZQAAAAAAAAAgAAAAGAAAAA5waXhpAAAAAAEIAAAAOGF1eEMAAAAAdXJuOm1wZWc6bXBlZ0I6Y2ljcDpzeXN0ZW1zOmF1eGlsaWFyeTphbHBoYQAAAAAMYXYxQ4EADAAAAAAUaXNwZQAAAAAAAAAgAAAAGAAAABBwaXhpAAAAAAMICAgAAAAeaXBtYQAAAAAAAAACAAEEgYYHiAACBIIDhIUAAAAaaXJlZgAAAAAAAAAOYXV4bAACAAEAAQAAAEdtZGF0EgAKBRgRP3YVMgkZgEEBAAkMHuESAAoJGBE/dggQEDQgMhwZgBBBBAQAtN8Nx0PwZFRNeZIRaJN0BTE5nwUI"

  test.each([
    ["HEIC of a phone becomes a JPEG", heic, "image/jpeg"],
    ["AVIF becomes a WebP", avif, "image/webp"],
  ])("%s", async (_, base64, type) => {
    const read = await readPicture(Buffer.from(base64, "base64"))

    expect(read).toMatchObject({ type, width: 32, height: 24, isAnimated: false })
    expect(await cornersOf(read?.bytes ?? new Uint8Array())).toBe("rbrb")
    expect(read?.previews).toHaveLength(2)
  })

  test("one that says it is too large is refused, one that is damaged is a file like any other", async () => {
    const whole = Buffer.from(avif, "base64")
    const size = whole.indexOf("ispe") + 8
    const huge = Buffer.from(whole)
    huge.writeUInt32BE(50_000, size)
    huge.writeUInt32BE(50_000, size + 4)
    await expect(readPicture(huge)).rejects.toThrow("at most 50 megapixels")

    const broken = Buffer.from(whole).fill(0xff, whole.indexOf("mdat") + 4)
    expect(await readPicture(broken)).toBeNull()
    expect(await readPicture(whole.subarray(0, 60))).toBeNull()
  })

  test("an animated AVIF is blanked where it says who took it and where, and nothing moves", () => {
    const exif = latin(`Exif\0\0${secret}`)
    const entry = box("infe", "\x02\0\0\0", "\0\x01\0\0", "Exif\0")
    const items = box("iinf", "\0\0\0\0", "\0\x01", entry)
    const place = (at: number) => {
      const extent = Buffer.alloc(8)
      extent.writeUInt32BE(at, 0)
      extent.writeUInt32BE(exif.length, 4)
      return box("iloc", "\0\0\0\0", "\x44\0", "\0\x01", "\0\x01\0\0", "\0\x01", extent)
    }
    const meta = (at: number) => box("meta", "\0\0\0\0", items, place(at))
    const user = box("moov", movie("vide").subarray(8), box("udta", box("\xa9xyz", secret)))
    const start = Buffer.concat([ftyp("avis", "msf1"), meta(0), user]).length + 8
    const whole = Buffer.concat([
      ...[ftyp("avis", "msf1"), meta(start), user, box("mdat", exif, "pictures")],
      ...[box("uuid", secret), latin("junk")],
    ])
    expect(isAvifAnimation(whole)).toBe(true)

    const clean = Buffer.from(cleanAvif(whole) ?? [])

    expect(clean.includes("GPS")).toBe(false)
    expect(clean.includes("script")).toBe(false)
    expect(clean.indexOf("pictures")).toBe(whole.indexOf("pictures"))
    for (let at = 8; at < whole.length; at++) {
      const changed = Buffer.from(whole)
      changed[at] = 0xff
      try {
        cleanAvif(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }
  })

  test("an animated AVIF whose items have billions of parts is refused before they are read", () => {
    const entry = box("infe", "\x02\0\0\0", "\0\x01\0\0", "Exif\0")
    // No byte says where a part is, and each item has 65,535.
    const items = Buffer.alloc(65_535 * 6, Buffer.from("\0\x01\0\0\xff\xff", "latin1"))
    const places = box("iloc", "\0\0\0\0", "\0\0", "\xff\xff", items)
    const meta = box("meta", "\0\0\0\0", box("iinf", "\0\0\0\0", "\0\x01", entry), places)

    expect(cleanAvif(Buffer.concat([ftyp("avis", "msf1"), meta, movie("vide")]))).toBeNull()
  })
})
