const encoder = new TextEncoder()

/**
 * Markup as it is sent. What is kept for pages is kept so: to put 50 KB of it together is a copy, where text would have
 * to be put together and then be encoded, anew for every page.
 */
export type Bytes = Uint8Array<ArrayBuffer>

export function encode(text: string): Bytes {
  return encoder.encode(text)
}

/** Text and what is bytes already, one after the other. */
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
