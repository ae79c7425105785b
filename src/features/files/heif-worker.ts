/** Runs in a thread of its own: decodes one HEIC or AVIF picture. */

/** Four bytes for each pixel. */
export interface DecodedPixels {
  pixels: Uint8Array<ArrayBuffer>
  width: number
  height: number
  isOpaque: boolean
}

declare const self: Worker

self.onmessage = async ({ data }: MessageEvent<{ bytes: Uint8Array<ArrayBuffer>; type: string }>) => {
  try {
    const decoded = await (data.type === "image/avif" ? decodeAvif(data.bytes) : decodeHeic(data.bytes))
    self.postMessage(decoded, decoded ? [decoded.pixels.buffer] : [])
  } catch {
    // Damaged, or of a form that the decoder does not know.
    self.postMessage(null)
  }
}

async function decodeHeic(bytes: Uint8Array<ArrayBuffer>): Promise<DecodedPixels | null> {
  const { default: libheif } = await import("libheif-js/wasm-bundle.js")
  const images = new libheif.HeifDecoder().decode(bytes)
  const image = images.find((one) => one.is_primary()) ?? images[0]
  if (!image) return null

  const [width, height] = [image.get_width(), image.get_height()]
  const target = { data: new Uint8ClampedArray(width * height * 4), width, height }
  const shown = await new Promise<typeof target | null>((resolve) => image.display(target, resolve))
  return shown && pixelsOf(shown)
}

async function decodeAvif(bytes: Uint8Array<ArrayBuffer>): Promise<DecodedPixels | null> {
  const { default: decode, init } = await import("@jsquash/avif/decode.js")
  const wasm = Bun.file(Bun.resolveSync("@jsquash/avif/codec/dec/avif_dec.wasm", import.meta.dir))
  await init(await WebAssembly.compile(await wasm.arrayBuffer()))
  const shown = await decode(bytes.buffer)
  return shown && pixelsOf(shown)
}

function pixelsOf({ data, width, height }: { data: Uint8ClampedArray; width: number; height: number }) {
  const pixels = new Uint8Array(data)
  let isOpaque = true
  for (let at = 3; at < pixels.length && isOpaque; at += 4) isOpaque = pixels[at] === 255
  return { pixels, width, height, isOpaque }
}
