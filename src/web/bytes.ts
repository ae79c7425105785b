const encoder = new TextEncoder()

/**
 * Markup in UTF-8. Caches hold it encoded: joining 50 KB of bytes is a copy, while text would have to be joined and
 * encoded again for every response.
 */
export type Bytes = Uint8Array<ArrayBuffer>

/** Encodes text as UTF-8. */
export function encode(text: string): Bytes {
  return encoder.encode(text)
}

/** Concatenates text and bytes, encoding adjacent texts together. */
export function joined(parts: (string | Bytes)[]): Bytes {
  const all: Bytes[] = []
  let text = ""
  for (const part of parts) {
    if (typeof part === "string") {
      text += part
      continue
    }
    if (text !== "") all.push(encode(text))
    text = ""
    all.push(part)
  }
  if (text !== "") all.push(encode(text))
  const [first] = all
  return first && all.length === 1 ? first : Buffer.concat(all)
}

/** A part of a page. Those with the same markup have the same hash, however they came about. */
export interface PagePart {
  bytes: Bytes
  hash: string
}

export function toPagePart(parts: (string | Bytes)[]): PagePart {
  const bytes = joined(parts)
  return { bytes, hash: Bun.hash(bytes).toString(36) }
}

/**
 * Joins bytes in memory that it uses again: what it returns is valid until the next call. Pages that are not kept are
 * joined in it, because writing 50 KB to memory that was not used lately takes several times as long.
 */
export class JoinBuffer {
  #memory = new Uint8Array(64 * 1024)

  join(parts: Bytes[]): Bytes {
    const size = parts.reduce((bytes, { length }) => bytes + length, 0)
    if (size > this.#memory.length) this.#memory = new Uint8Array(size * 2)
    let end = 0
    for (const part of parts) {
      this.#memory.set(part, end)
      end += part.length
    }
    return this.#memory.subarray(0, size)
  }
}
