import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import { maxPixels } from "../files/images.ts"
import { contentTypeOf } from "../files/types.ts"

const maxImageBytes = 8 * 1024 * 1024
const timeoutMs = 8000

/** Smaller pictures, such as tracking pixels, are ignored. In pixels. */
const minPictureSize = 16

/** A picture from another host, encoded as WebP. */
export interface FetchedPicture {
  bytes: Uint8Array
  width: number
  height: number
}

/**
 * Fetches a picture from a public URL; its longer side becomes at most `size` pixels. Encoded again from its pixels, so
 * that no metadata or hidden content remains. Returns `undefined` when the picture cannot be fetched or decoded.
 */
export async function fetchPicture(
  fetcher: PublicFetch,
  url: string,
  size: number,
): Promise<FetchedPicture | undefined> {
  const input = await fetchBytes(fetcher, url)
  if (!input || !/^image\/(png|jpeg|gif|webp|avif)$/.test(contentTypeOf(input))) return undefined

  try {
    const { width, height } = await new Bun.Image(input, { maxPixels }).metadata()
    if (Math.min(width, height) < minPictureSize) return undefined

    const bytes = await new Bun.Image(input, { maxPixels })
      .resize(size, size, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 80 })
      .bytes()
    const metadata = await new Bun.Image(bytes).metadata()
    return { bytes, width: metadata.width, height: metadata.height }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (code.startsWith("ERR_IMAGE_")) return undefined

    throw error
  }
}

async function fetchBytes(fetcher: PublicFetch, url: string): Promise<Uint8Array | undefined> {
  try {
    const wantsBody = ({ status }: Response) => status === 200
    const options = { headers: { accept: "image/*" }, timeoutMs, wantsBody, maxBytes: maxImageBytes }
    return (await fetcher.fetch(url, options)).bytes
  } catch (error) {
    if (error instanceof PublicFetchError) return undefined

    throw error
  }
}
