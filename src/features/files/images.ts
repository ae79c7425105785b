import { Refusal } from "../../kernel/index.ts"
import { cleanGif } from "./gif.ts"
import { contentTypeOf } from "./types.ts"

/** Pixels of a picture, four bytes each when decoded. Phone cameras produce 12 to 50 million. */
export const maxPixels = 50_000_000
/** The longer side of previews in pixels, for the log and for the picture viewer. */
export const previewSizes = [400, 1200] as const

const quality = { original: 90, preview: 80 }

/** A picture encoded again from its pixels, which removes metadata such as the location, and hidden content. */
export interface Picture {
  bytes: Uint8Array
  type: "image/png" | "image/jpeg" | "image/webp" | "image/gif"
  width: number
  height: number
  /** `size` is the longer side in pixels. */
  previews: { size: number; bytes: Uint8Array }[]
}

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"])

/**
 * Decodes and encodes a picture; `null` when the bytes are no picture or this machine cannot decode its format, and
 * they are then treated as any other file. Throws a `Refusal` when there are too many pixels: the dimensions are read
 * before anything is decoded.
 */
export async function readPicture(input: Uint8Array): Promise<Picture | null> {
  if (!pictures.has(contentTypeOf(input))) return null

  try {
    const image = () => new Bun.Image(input, { maxPixels })
    const { format } = await image().metadata()
    if (format === "gif") {
      const animation = await cleanGif(input)
      if (animation) return { ...animation, type: "image/gif", previews: await previewsOf(input) }
    }
    const bytes = await encode(image(), format)
    const metadata = await new Bun.Image(bytes).metadata()
    const type = `image/${metadata.format}` as Picture["type"]
    const { width, height } = metadata
    return { bytes, type, width, height, previews: await previewsOf(bytes) }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (code === "ERR_IMAGE_TOO_MANY_PIXELS") {
      const millions = maxPixels / 1_000_000
      throw new Refusal(`This picture is too large: at most ${millions} megapixels. Make it smaller`, 413)
    }
    if (code.startsWith("ERR_IMAGE_")) return null
    throw error
  }
}

function encode(image: Bun.Image, format: Bun.Image.Format): Promise<Uint8Array> {
  if (format === "jpeg") return image.jpeg({ quality: quality.original }).bytes()
  if (format === "png" || format === "gif") return image.png().bytes()
  return image.webp({ quality: quality.original }).bytes()
}

async function previewsOf(original: Uint8Array): Promise<Picture["previews"]> {
  const [small, large] = previewSizes
  const largePreview = await preview(original, large)
  // Made from the larger preview: decoding the original a second time costs far more.
  return [
    { size: small, bytes: await preview(largePreview, small) },
    { size: large, bytes: largePreview },
  ]
}

function preview(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  return new Bun.Image(bytes, { maxPixels })
    .resize(size, size, { fit: "inside", withoutEnlargement: true })
    .webp({ quality: quality.preview })
    .bytes()
}
