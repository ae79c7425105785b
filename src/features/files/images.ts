import { Refusal } from "../../kernel/index.ts"
import { cleanGif } from "./gif.ts"
import { typeOf } from "./types.ts"

/** Pixels of a picture: unpacked it takes four bytes for each. A phone's camera makes 12 to 50 million. */
export const maxPixels = 50_000_000
/** The longer side of what is shown of it in the log, and in the viewer. */
export const previewSizes = [400, 1200] as const

const quality = { original: 90, preview: 80 }

/** A picture as it is kept: made anew from its pixels, so that nothing else that was in the file is left. */
export interface Picture {
  bytes: Uint8Array
  type: "image/png" | "image/jpeg" | "image/webp" | "image/gif"
  width: number
  height: number
  /** By the length of the longer side. */
  previews: { size: number; bytes: Uint8Array }[]
}

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"])

/**
 * Reads a picture; `null` when it is none, or one that this machine cannot read: then it is a file like any other.
 * Its dimensions are read before anything is unpacked. Throws a `Refusal` when they are too large.
 */
export async function readPicture(given: Uint8Array): Promise<Picture | null> {
  if (!pictures.has(typeOf(given))) return null

  try {
    const image = () => new Bun.Image(given, { maxPixels })
    const { format } = await image().metadata()
    if (format === "gif") {
      const animation = await cleanGif(given)
      if (animation) return { ...animation, type: "image/gif", previews: await previewsOf(given) }
    }
    const bytes = await encoded(image(), format)
    const made = await new Bun.Image(bytes).metadata()
    const type = `image/${made.format}` as Picture["type"]
    const { width, height } = made
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

function encoded(image: Bun.Image, format: Bun.Image.Format): Promise<Uint8Array> {
  if (format === "jpeg") return image.jpeg({ quality: quality.original }).bytes()
  if (format === "png" || format === "gif") return image.png().bytes()
  return image.webp({ quality: quality.original }).bytes()
}

async function previewsOf(original: Uint8Array): Promise<Picture["previews"]> {
  const [small, large] = previewSizes
  const largePreview = await preview(original, large)
  // From the larger one: unpacking the original once more would cost far more than it is worth.
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
