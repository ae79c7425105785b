/** Encodings in which people's programs write text. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"

/** The greatest part of letters beyond ASCII in a text that is no Unicode. Programs have more of them. */
const maxForeignPart = 0.3
/** Fewer bytes cannot tell a text without a byte order mark from other data. */
const minUnmarkedBytes = 8

/**
 * The encoding of a text by its first bytes; `undefined` for what is no text. Text without a byte order mark and beyond
 * UTF-8 is taken for Windows' Western European, in which spreadsheets still write tables.
 */
export function encodingOf(head: Uint8Array, isTruncated: boolean): TextEncoding | undefined {
  if (head.length === 0) return undefined
  // UTF-32, which is not in use, begins like UTF-16.
  const isWide = head.length >= 4 && head[2] === 0 && head[3] === 0
  if (head[0] === 0xff && head[1] === 0xfe && !isWide) return decodes(head, "utf-16le", isTruncated)
  if (head[0] === 0xfe && head[1] === 0xff) return decodes(head, "utf-16be", isTruncated)
  if (head.includes(0)) return unmarkedWide(head, isTruncated)
  if (decodes(head, "utf-8", isTruncated)) return "utf-8"

  return isWestern(head) ? "windows-1252" : undefined
}

/** The text of the first bytes of a file; without its byte order mark. */
export function decodeText(bytes: Uint8Array, isTruncated: boolean): string | undefined {
  const encoding = encodingOf(bytes, isTruncated)
  if (!encoding) return undefined

  const decoder = new TextDecoder(encoding as ConstructorParameters<typeof TextDecoder>[0])
  return decoder.decode(bytes, { stream: isTruncated })
}

function decodes(
  head: Uint8Array,
  encoding: Exclude<TextEncoding, "windows-1252">,
  isTruncated: boolean,
): TextEncoding | undefined {
  if (encoding !== "utf-8" && head.length % 2 === 1 && !isTruncated) return undefined
  try {
    const decoder = new TextDecoder(encoding as "utf-8", { fatal: true })
    const text = decoder.decode(head, { stream: isTruncated })
    return text.includes("\0") ? undefined : encoding
  } catch {
    return undefined
  }
}

/** UTF-16 without a mark, as some programs of Windows write it: of European text every second byte is zero. */
function unmarkedWide(head: Uint8Array, isTruncated: boolean): TextEncoding | undefined {
  if (head.length < minUnmarkedBytes) return undefined

  const zeros = [0, 0]
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = zeros
  const half = head.length / 2
  const encoding =
    even === 0 && odd > half * 0.7 ? "utf-16le" : odd === 0 && even > half * 0.7 ? "utf-16be" : undefined
  if (!encoding) return undefined

  const text = new TextDecoder(encoding as "utf-8").decode(head)
  return hasControls(text) ? undefined : decodes(head, encoding, isTruncated)
}

function isWestern(head: Uint8Array): boolean {
  let foreign = 0
  for (const byte of head) {
    if (byte >= 0x80) foreign++
    if (byte === 0x7f || (byte < 0x20 && !/[\t\n\f\r]/.test(String.fromCharCode(byte)))) return false
  }
  return foreign <= head.length * maxForeignPart
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return /[\0-\x08\x0e-\x1f\x7f]/.test(text)
}
