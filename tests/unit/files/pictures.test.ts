import { describe, expect, test } from "bun:test"
import { cleanGif } from "../../../src/features/files/gif.ts"
import { readPicture } from "../../../src/features/files/images.ts"
import { contentTypeOf } from "../../../src/features/files/types.ts"
import { animation, comment, picture, withDimensions, withOrientation } from "../../support/pictures.ts"

const script = "<script>alert(document.domain)</script>"

describe("the type is detected from the content", () => {
  test.each([
    ["%PDF-1.7", "application/pdf"],
    ["PK\x03\x04....", "application/zip"],
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"],
    ["<!doctype html><script>", "text/plain"],
    ["héllo", "text/plain"],
    ["GIF89a", "image/gif"],
    ["GIF87", "text/plain"],
    ["nul\0", "application/octet-stream"],
  ])("%p is %p", (content, type) => {
    expect(contentTypeOf(Buffer.from(content))).toBe(type)
  })
})

describe("a picture is encoded again", () => {
  test.each(["png", "jpeg", "webp"] as const)("%s, with previews no larger than it is", async (format) => {
    const given = await picture(format, 1500, 600)

    const read = await readPicture(given)

    expect(read).toMatchObject({ type: `image/${format}`, width: 1500, height: 600 })
    const sizes = await Promise.all(
      (read?.previews ?? []).map(({ bytes }) => new Bun.Image(bytes).metadata()),
    )
    expect(sizes.map(({ width, height, format }) => [width, height, format])).toEqual([
      [400, 160, "webp"],
      [1200, 480, "webp"],
    ])
    const small = await readPicture(await picture(format, 30, 20))
    expect(await new Bun.Image(small?.previews[1]?.bytes ?? "").metadata()).toMatchObject({ width: 30 })
  })

  test.each(["png", "jpeg", "webp"] as const)("removes hidden data from a %s", async (format) => {
    const polyglot = Buffer.concat([
      await picture(format, 40, 30),
      Buffer.from(script),
      Buffer.from("PK\x03\x04"),
    ])

    const read = await readPicture(polyglot)

    expect(read).not.toBeNull()
    const left = [read?.bytes ?? [], ...(read?.previews ?? []).map(({ bytes }) => bytes)]
    for (const bytes of left) expect(Buffer.from(bytes).includes("script")).toBe(false)
  })

  test("loses its metadata and is rotated upright", async () => {
    const given = withOrientation(await picture("jpeg", 60, 40), "GPS 52.52 N 13.40 E")
    expect(given.includes("GPS")).toBe(true) // or there is nothing to take out

    const read = await readPicture(given)

    expect(read).toMatchObject({ width: 40, height: 60 })
    expect(Buffer.from(read?.bytes ?? []).includes("GPS")).toBe(false)
  })

  test("a still GIF becomes a PNG", async () => {
    expect(await readPicture(animation({ frames: 1 }))).toMatchObject({
      type: "image/png",
      width: 4,
      height: 3,
    })
  })
})

describe("a picture that is not", () => {
  test("a canvas of 50,000 by 50,000 is refused before it is unpacked", async () => {
    const small = await picture("png", 8, 8)
    const huge = withDimensions(small, 50_000, 50_000)
    await expect(readPicture(huge)).rejects.toThrow("This picture is too large: at most 50 megapixels")
  })

  test("one that is cut off is a file like any other, as is what only begins like one", async () => {
    const png = await picture("png", 300, 200)

    expect(await readPicture(png.subarray(0, 200))).toBeNull()
    expect(await readPicture(Buffer.from(`GIF89a\x01\0\x01\0/*${script}*/=1`))).toBeNull()
    expect(
      await readPicture(Buffer.from(`\x89PNG\r\n\x1a\n${"\0".repeat(32)}${script}`, "latin1")),
    ).toBeNull()
    expect(await readPicture(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toBeNull()
    expect(await readPicture(Buffer.from("RIFF....WEBPVP8 "))).toBeNull()
    expect(
      await readPicture(Buffer.from("<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>")),
    ).toBeNull()
  })
})

describe("an animation", () => {
  test("stays one, with nothing but its frames", async () => {
    const given = animation({ frames: 3, hidden: script })
    expect(given.includes("script")).toBe(true)

    const read = await readPicture(given)

    expect(read).toMatchObject({ type: "image/gif", width: 4, height: 3 })
    const bytes = Buffer.from(read?.bytes ?? [])
    expect(bytes.includes("script")).toBe(false)
    expect(bytes.equals(animation({ frames: 3 }))).toBe(true)
    expect(read?.previews).toHaveLength(2)
  })

  test.each([
    ["a frame that is larger than the canvas", { frames: 2, frameWidth: 5 }],
    ["a frame that has too few pixels", { frames: 2, missing: 1 }],
    ["a frame that has too many", { frames: 2, missing: -1 }],
    ["more frames than anyone looks at", { frames: 2001 }],
  ])("with %s is none", async (_, made) => {
    expect(await cleanGif(animation(made))).toBeNull()
  })

  test("that is truncated anywhere is refused without an exception", async () => {
    const whole = animation({ frames: 2 })
    expect(await cleanGif(whole)).not.toBeNull()

    for (let length = 6; length < whole.length; length++) {
      expect([length, await cleanGif(whole.subarray(0, length))]).toEqual([length, null])
    }
  })

  test("of which single bytes are changed breaks nothing", async () => {
    const whole = animation({ frames: 2, hidden: comment })
    for (let at = 6; at < whole.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const changed = Buffer.from(whole)
        changed[at] = value
        await cleanGif(changed)
      }
    }
  })
})
