/** How many names of an archive are looked at. */
const maxNames = 200
/** The end record, and the longest comment behind it. */
const endBytes = 22
const maxCommentBytes = 65_535

/** By the folder of the main part. Source: ECMA-376, Open Packaging Conventions. */
const officeParts: [prefix: string, type: string][] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["visio/", "application/vnd.ms-visio.drawing"],
]

/** The kind of a ZIP archive: an office document, a book, an app, or just an archive. */
export function zipTypeOf(bytes: Uint8Array): string {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const named = namedType(archive)
  if (named) return named

  const names = namesOf(archive)
  const has = (prefix: string) => names.some((name) => name.startsWith(prefix))
  if (has("[Content_Types].xml")) {
    const part = officeParts.find(([prefix]) => has(prefix))
    if (part) return part[1]
  }
  if (has("AndroidManifest.xml")) return "application/vnd.android.package-archive"
  if (has("META-INF/MANIFEST.MF")) return "application/java-archive"
  return "application/zip"
}

/** OpenDocument and EPUB name their type in a first entry that is not compressed. Sources: ODF 1.2, part 3; OCF 3.2. */
function namedType(archive: Buffer): string | undefined {
  if (archive.length < 38 || archive.toString("latin1", 30, 38) !== "mimetype") return undefined

  const start = 38 + archive.readUInt16LE(28)
  const type = archive.toString("latin1", start, start + Math.min(100, archive.readUInt32LE(18)))
  return type.match(/^application\/(epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+)/)?.[0]
}

/** Names by the directory at the end; of a damaged archive the first name only. Source: PKWARE's APPNOTE, 4.3. */
function namesOf(archive: Buffer): string[] {
  const names: string[] = []
  let at = directoryAt(archive)
  while (names.length < maxNames && at + 46 <= archive.length && archive.readUInt32LE(at) === 0x02014b50) {
    const length = archive.readUInt16LE(at + 28)
    names.push(archive.toString("latin1", at + 46, at + 46 + length))
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  if (names.length > 0 || archive.length < 30) return names

  return [archive.toString("latin1", 30, 30 + archive.readUInt16LE(26))]
}

function directoryAt(archive: Buffer): number {
  const from = Math.max(0, archive.length - endBytes - maxCommentBytes)
  const end = archive.subarray(from).lastIndexOf("PK\x05\x06", archive.length, "latin1")
  if (end < 0 || from + end + endBytes > archive.length) return archive.length

  return archive.readUInt32LE(from + end + 16)
}
