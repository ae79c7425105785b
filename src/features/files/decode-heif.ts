import { join } from "node:path"
import { root } from "../../root.ts"
import { heifProfileOf } from "./heif.ts"
import type { DecodedPixels } from "./heif-worker.ts"
import { pngOfPixels } from "./png.ts"

/** Longest time to decode one picture. */
const maxDecodeMs = 30_000

/**
 * Decodes the first picture of a HEIC or AVIF file to a PNG, which `Bun.Image` reads everywhere; `null` when it is
 * damaged or in a form that is not known. In a thread of its own, which ends with the picture: decoding takes long, and
 * WebAssembly keeps its memory until the process ends. Hostile bytes can harm only that process.
 */
export async function decodeHeif(
  input: Uint8Array,
  type: "image/heic" | "image/avif",
): Promise<{ png: Buffer; isOpaque: boolean } | null> {
  const decoded = await decodePixels(input, type)
  if (!decoded) return null

  const { pixels, width, height, isOpaque } = decoded
  const profile = heifProfileOf(Buffer.from(input.buffer, input.byteOffset, input.length))
  return { png: pngOfPixels(pixels, { width, height, profile }), isOpaque }
}

function decodePixels(input: Uint8Array, type: string): Promise<DecodedPixels | null> {
  // From its source, as `bun run build` joins no threads.
  const worker = new Worker(join(root, "src/features/files/heif-worker.ts"))
  const { promise, resolve } = Promise.withResolvers<DecodedPixels | null>()
  const timer = setTimeout(() => resolve(null), maxDecodeMs)
  worker.onmessage = ({ data }: MessageEvent<DecodedPixels | null>) => resolve(data)
  worker.onerror = () => resolve(null)
  worker.postMessage({ bytes: new Uint8Array(input), type })
  return promise.finally(() => {
    clearTimeout(timer)
    worker.terminate()
  })
}
