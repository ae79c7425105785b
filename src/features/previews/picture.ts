import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import { maxPixels } from "../files/images.ts"
import { typeOf } from "../files/types.ts"

const maxImageBytes = 8 * 1024 * 1024
const timeoutMs = 8000

/** What is smaller shows nothing. */
const minPictureSize = 16

/** A picture from out there, in WebP. */
export interface FoundPicture {
  bytes: Uint8Array
  width: number
  height: number
}

/**
 * A picture at a public address, its longer side at most `size`. Made anew from its pixels: nothing else that was in
 * the file is left, and it is what we say it is. `undefined` when there is none, whatever the reason.
 */
export async function fetchPicture(
  fetcher: PublicFetch,
  url: string,
  size: number,
): Promise<FoundPicture | undefined> {
  const given = await bytesAt(fetcher, url)
  if (!given || !/^image\/(png|jpeg|gif|webp|avif)$/.test(typeOf(given))) return undefined

  try {
    const { width, height } = await new Bun.Image(given, { maxPixels }).metadata()
    if (Math.min(width, height) < minPictureSize) return undefined

    const bytes = await new Bun.Image(given, { maxPixels })
      .resize(size, size, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 80 })
      .bytes()
    const made = await new Bun.Image(bytes).metadata()
    return { bytes, width: made.width, height: made.height }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (code.startsWith("ERR_IMAGE_")) return undefined

    throw error
  }
}

async function bytesAt(fetcher: PublicFetch, url: string): Promise<Uint8Array | undefined> {
  try {
    const wantsBody = ({ status }: Response) => status === 200
    const asking = { headers: { accept: "image/*" }, timeoutMs, wantsBody, maxBytes: maxImageBytes }
    return (await fetcher.fetch(url, asking)).bytes
  } catch (error) {
    if (error instanceof PublicFetchError) return undefined

    throw error
  }
}
