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
  return Buffer.concat(text === "" ? all : [...all, encode(text)])
}
