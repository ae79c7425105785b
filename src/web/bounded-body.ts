import { Readable } from "node:stream"
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib"

/** The body was longer than allowed, or in an encoding we cannot undo. */
export class BodyRefused extends Error {
  override readonly name = "BodyRefused"
}

interface BodyLimits {
  /** Counted twice: as received, and after decompression. */
  maxBytes: number
  /** Return the first `maxBytes` of a longer body instead of failing. */
  truncate?: boolean
}

// Flushing early returns what a cut stream has so far instead of failing on its missing end.
const decompressors: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  "x-gzip": () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}

/**
 * Reads a response's body, decompressed, and never holds more than `maxBytes` of it. The response must come from a
 * fetch with `decompress: false`. Throws `BodyRefused` when the body is too large (without `truncate`) or its
 * Content-Encoding is unknown.
 */
export async function readBoundedBody(
  response: Response,
  limits: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array()

  // Content-Length is not trusted, so the bytes are counted as they arrive. The decompressed bytes are counted as
  // well, chunk by chunk: a decompression bomb is abandoned before it fills the memory.
  const received = limited(response.body, limits)
  const chunks: Uint8Array[] = []
  for await (const chunk of limited(decompressed(response.headers, received), limits)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

async function* limited(chunks: AsyncIterable<Uint8Array>, { maxBytes, truncate }: BodyLimits) {
  let left = maxBytes
  for await (const chunk of chunks) {
    if (chunk.length > left && !truncate) throw new BodyRefused("The response is too large")
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0 && truncate) return
  }
}

function decompressed(headers: Headers, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity"
  if (encoding === "identity" || encoding === "") return chunks

  // hasOwn: the name comes from the other server and may be "constructor".
  const decompressor = Object.hasOwn(decompressors, encoding) ? decompressors[encoding]?.() : undefined
  if (!decompressor) throw new BodyRefused("The response's Content-Encoding is not supported")

  const stream = Readable.from(chunks)
  // `pipe` does not pass errors on.
  stream.on("error", (error) => (decompressor as unknown as Readable).destroy(error))
  return stream.pipe(decompressor) as unknown as AsyncIterable<Uint8Array>
}
