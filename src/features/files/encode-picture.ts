import { Refusal } from "../../kernel/index.ts"
import { contentTypeOf } from "./types.ts"

const noPicture = "This picture cannot be read. Choose a PNG, JPEG, GIF, WebP or AVIF image"

/** Encodes an uploaded picture again, from its pixels; returns what `encode` does. Fails: 400 (no picture), 413. */
export async function encodePicture<Encoded>(
  input: Uint8Array,
  encode: (input: Uint8Array) => Promise<Encoded>,
): Promise<Encoded> {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(contentTypeOf(input))) throw new Refusal(noPicture, 400)

  try {
    return await encode(input)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (code === "ERR_IMAGE_TOO_MANY_PIXELS")
      throw new Refusal("This picture is too large. Make it smaller", 413)
    if (code.startsWith("ERR_IMAGE_")) throw new Refusal(noPicture, 400)
    throw error
  }
}
