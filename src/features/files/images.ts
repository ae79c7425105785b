import { Refusal } from "../../kernel/index.ts"
import { type Orientation, upright } from "./exif.ts"
import { cleanGif } from "./gif.ts"
import { cleanAvif, heifSizeOf, isAvifAnimation } from "./heif.ts"
import { type Animation, cleanApng, pngOrientation } from "./png.ts"
import { contentTypeOf } from "./types.ts"
import { cleanWebp, firstWebpFrame, webpOrientation } from "./webp.ts"

/** Pixels of a picture, four bytes each when decoded. Phone cameras produce 12 to 50 million. */
export const maxPixels = 50_000_000
/** The longer side of previews in pixels, for the log and for the picture viewer. */
export const previewSizes = [400, 1200] as const

const quality = { original: 90, preview: 80 }

/** A picture encoded again from its pixels, which removes metadata such as the location, and hidden content. */
export interface Picture {
  bytes: Uint8Array
  type: "image/png" | "image/jpeg" | "image/webp" | "image/gif" | "image/avif"
  width: number
  height: number
  /** It moves: its frames were copied, without metadata. */
  isAnimated: boolean
  /** `size` is the longer side in pixels. Still, also of an animation. */
  previews: { size: number; bytes: Uint8Array }[]
}

/**
 * Decodes and encodes a picture; `null` when the bytes are no picture or nothing here can decode its format, and they
 * are then treated as any other file. Throws a `Refusal` when there are too many pixels: the dimensions are read before
 * anything is decoded.
 */
export async function readPicture(input: Uint8Array): Promise<Picture | null> {
  const type = contentTypeOf(input)
  const read = readers[type]
  if (!read) return null

  try {
    return await read(input)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (code === "ERR_IMAGE_TOO_MANY_PIXELS") throw tooManyPixels()
    if (code.startsWith("ERR_IMAGE_") || error instanceof RangeError) return null
    throw error
  }
}

const readers: Record<string, (input: Uint8Array) => Promise<Picture | null>> = {
  "image/jpeg": (input) => readStill(input),
  "image/bmp": (input) => readStill(input),
  "image/gif": async (input) => animated(await cleanGif(input), input, "image/gif") ?? readStill(input),
  "image/png": async (input) => {
    const orientation = pngOrientation(input)
    return animated(cleanApng(input), input, "image/png", orientation) ?? readStill(input, { orientation })
  },
  "image/webp": async (input) => {
    const orientation = webpOrientation(input)
    const first = firstWebpFrame(input)
    if (!first) return readStill(input, { orientation })
    return animated(cleanWebp(input), first, "image/webp", orientation) ?? readStill(first, { orientation })
  },
  "image/avif": (input) => readHeif(input, "image/avif"),
  "image/heic": (input) => readHeif(input, "image/heic"),
}

/** An animation with previews of its first frame; `undefined` when there is none. */
function animated(
  animation: Animation | null,
  first: Uint8Array,
  type: Picture["type"],
  orientation: Orientation = 1,
): Promise<Picture> | undefined {
  if (!animation) return undefined

  return previewsOf(first, orientation).then((previews) => ({
    ...animation,
    ...{ type, isAnimated: true, previews },
  }))
}

async function readStill(
  input: Uint8Array,
  { orientation = 1, to }: { orientation?: Orientation; to?: "jpeg" | "webp" } = {},
): Promise<Picture> {
  const image = () => new Bun.Image(input, { maxPixels })
  const { format } = await image().metadata()
  const bytes = await encode(upright(image(), orientation), to ?? format)
  const metadata = await new Bun.Image(bytes).metadata()
  const type = `image/${metadata.format}` as Picture["type"]
  const { width, height } = metadata
  return { bytes, type, width, height, isAnimated: false, previews: await previewsOf(bytes) }
}

/** Photographs become JPEG, which programs everywhere open; what may be transparent becomes WebP. */
async function readHeif(input: Uint8Array, type: "image/heic" | "image/avif"): Promise<Picture | null> {
  const file = Buffer.from(input.buffer, input.byteOffset, input.length)
  const size = heifSizeOf(file)
  if (!size) return null
  if (size.width * size.height > maxPixels) throw tooManyPixels()

  // Its decoders are large, and most chats never see such a file.
  const { decodeHeif } = await import("./decode-heif.ts")
  const decoded = await decodeHeif(input, type)
  if (!decoded) return null
  const moving = type === "image/avif" && isAvifAnimation(file) ? cleanAvif(input) : null
  if (moving) {
    const { width, height } = await new Bun.Image(decoded.png).metadata()
    return animated({ bytes: moving, width, height }, decoded.png, "image/avif") ?? null
  }
  return readStill(decoded.png, { to: decoded.isOpaque && type === "image/heic" ? "jpeg" : "webp" })
}

function tooManyPixels(): Refusal {
  const millions = maxPixels / 1_000_000
  return new Refusal(`This picture is too large: at most ${millions} megapixels. Make it smaller`, 413)
}

function encode(image: Bun.Image, format: Bun.Image.Format): Promise<Uint8Array> {
  if (format === "jpeg") return image.jpeg({ quality: quality.original }).bytes()
  if (format === "png" || format === "gif" || format === "bmp") return image.png().bytes()
  return image.webp({ quality: quality.original }).bytes()
}

async function previewsOf(original: Uint8Array, orientation: Orientation = 1): Promise<Picture["previews"]> {
  const [small, large] = previewSizes
  const largePreview = await preview(original, large, orientation)
  // Made from the larger preview: decoding the original a second time costs far more.
  return [
    { size: small, bytes: await preview(largePreview, small) },
    { size: large, bytes: largePreview },
  ]
}

function preview(bytes: Uint8Array, size: number, orientation: Orientation = 1): Promise<Uint8Array> {
  return upright(new Bun.Image(bytes, { maxPixels }), orientation)
    .resize(size, size, { fit: "inside", withoutEnlargement: true })
    .webp({ quality: quality.preview })
    .bytes()
}
