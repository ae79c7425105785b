/** How many entries of the directory are looked at, of 128 bytes each. */
const maxEntries = 64
const entryBytes = 128

/** By the stream that the program writes. Sources: [MS-DOC], [MS-XLS], [MS-PPT], [MS-OXMSG]. */
const streams: [name: RegExp, type: string][] = [
  [/^WordDocument$/, "application/msword"],
  [/^(Workbook|Book)$/, "application/vnd.ms-excel"],
  [/^PowerPoint Document$/, "application/vnd.ms-powerpoint"],
  [/^__(nameid|properties)_version1\.0$/, "application/vnd.ms-outlook"],
  [/^VisioDocument$/, "application/vnd.visio"],
]

/** The kind of a compound file of older office programs, by its directory. Source: [MS-CFB], 2.2 and 2.6. */
export function oleTypeOf(bytes: Uint8Array): string {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const fallback = "application/x-ole-storage"
  if (file.length < 512) return fallback

  const sectorBytes = file.readUInt16LE(30) === 12 ? 4096 : 512
  const directory = (file.readUInt32LE(48) + 1) * sectorBytes
  for (let entry = 0; entry < maxEntries; entry++) {
    const at = directory + entry * entryBytes
    if (at + entryBytes > file.length) break
    // With its final zero.
    const length = Math.min(64, file.readUInt16LE(at + 64))
    const name = file.toString("utf16le", at, at + Math.max(0, length - 2))
    const stream = streams.find(([pattern]) => pattern.test(name))
    if (stream) return stream[1]
  }
  return fallback
}
