import { describe, expect, test } from "bun:test"
import { contentTypeOf } from "../../../src/features/files/types.ts"
import { kindLabel, type Showing, showingOf, subtitlesOf } from "../../../views/file-kinds.ts"
import {
  archive,
  bitmap,
  box,
  compoundFile,
  frames,
  ftyp,
  latin,
  matroska,
  movie,
  namedArchive,
  ogg,
  padded,
  riff,
  riffChunk,
} from "../../support/signatures.ts"

type Case = [what: string, bytes: Uint8Array, name: string, type: string, label: string, showing: Showing]

const office = "application/vnd.openxmlformats-officedocument"
const odf = "application/vnd.oasis.opendocument"
const utf16 = (text: string, mark: string) =>
  Buffer.concat([
    latin(mark),
    mark === "\xfe\xff" ? Buffer.from(text, "utf16le").swap16() : Buffer.from(text, "utf16le"),
  ])

/** Sources: WHATWG MIME Sniffing 6 and 7; PNG 5.2; ITU T.81; GIF89a; RFC 9649; TIFF 6.0; ISO/IEC 18181-2; 15444-1. */
const images: Case[] = [
  ["PNG", padded("\x89PNG\r\n\x1a\n"), "a.png", "image/png", "Image", "download"],
  ["JPEG of a camera", padded("\xff\xd8\xff\xe1\0\x10Exif\0\0"), "a.jpg", "image/jpeg", "Image", "download"],
  ["GIF of 1987", padded("GIF87a"), "a.gif", "image/gif", "Image", "download"],
  ["WebP", riff("WEBP", riffChunk("VP8 ", Buffer.alloc(10))), "a.webp", "image/webp", "Image", "download"],
  ["bitmap", bitmap(), "a.bmp", "image/bmp", "Image", "download"],
  ["bitmap of OS/2", bitmap(12), "a.bmp", "image/bmp", "Image", "download"],
  ["TIFF, little end first", padded("II*\0"), "a.tif", "image/tiff", "TIFF image", "download"],
  ["TIFF, big end first", padded("MM\0*"), "a.tiff", "image/tiff", "TIFF image", "download"],
  ["icon", padded("\0\0\x01\0\x01\0\x10\x10"), "favicon.ico", "image/x-icon", "Icon", "download"],
  ["Photoshop", padded("8BPS\0\x01"), "a.psd", "image/vnd.adobe.photoshop", "Photoshop image", "download"],
  ["JPEG XL stream", padded("\xff\x0a\xfa"), "a.jxl", "image/jxl", "JPEG XL image", "download"],
  ["JPEG XL file", padded("\0\0\0\x0cJXL \r\n\x87\n"), "a.jxl", "image/jxl", "JPEG XL image", "download"],
  ["JPEG 2000", padded("\0\0\0\x0cjP  \r\n\x87\n"), "a.jp2", "image/jp2", "JPEG 2000 image", "download"],
]

/** Sources: ISO/IEC 23008-12, annexes B and D; AVIF 1.1, 6; brands as phones write them: strukturag/libheif issues. */
const heif: Case[] = [
  [
    "HEIC of an iPhone",
    ftyp("heic", "mif1", "MiHE", "heic"),
    "IMG_1.HEIC",
    "image/heic",
    "HEIC image",
    "download",
  ],
  ["HEIC of ten bits", ftyp("heix", "mif1", "heix"), "a.heic", "image/heic", "HEIC image", "download"],
  ["a burst of HEIC", ftyp("hevc", "msf1", "hevc"), "a.heics", "image/heic", "HEIC image", "download"],
  ["HEIC of a Samsung", ftyp("mif1", "mif1", "heic"), "a.heic", "image/heic", "HEIC image", "download"],
  ["HEIF in another code", ftyp("mif1", "jpeg"), "a.heif", "image/heif", "HEIF image", "download"],
  ["AVIF", ftyp("avif", "mif1", "miaf"), "a.avif", "image/avif", "AVIF image", "download"],
  ["animated AVIF", ftyp("avis", "msf1", "miaf"), "a.avif", "image/avif", "AVIF image", "download"],
  ["AVIF under the family's name", ftyp("mif1", "avif"), "a.avif", "image/avif", "AVIF image", "download"],
]

/** Sources: RFC 3533, 5334, 7845, 9559, 9639; ISO/IEC 11172-3, 13818-7, 14496-12; mp4ra.org; RFC 2361. */
const sounds: Case[] = [
  ["MP3 with a title", padded("ID3\x04\0\0\0\0\0\x02"), "a.mp3", "audio/mpeg", "Audio", "audio"],
  ["MP3 without one", frames("\xff\xfb\x90\x64", 417), "a.mp3", "audio/mpeg", "Audio", "audio"],
  ["MP3 of low rate", frames("\xff\xf3\x40\xc0", 104), "a.mp3", "audio/mpeg", "Audio", "audio"],
  ["MP2", frames("\xff\xfd\x80\x04", 417), "a.mp2", "audio/mpeg", "Audio", "audio"],
  ["AAC in frames", frames("\xff\xf1\x50\x80\x02\x1f\xfc", 16), "a.aac", "audio/aac", "Audio", "audio"],
  ["M4A of iTunes", ftyp("M4A ", "M4A ", "mp42", "isom"), "a.m4a", "audio/mp4", "Audio", "audio"],
  ["audio book", ftyp("M4B ", "M4B "), "a.m4b", "audio/mp4", "Audio", "audio"],
  [
    "voice memo of Android",
    Buffer.concat([ftyp("mp42", "isom"), movie("soun")]),
    "a.m4a",
    "audio/mp4",
    "Audio",
    "audio",
  ],
  [
    "M4A of ffmpeg",
    Buffer.concat([ftyp("isom"), box("mdat", "x"), movie("soun")]),
    "a.m4a",
    "audio/mp4",
    "Audio",
    "audio",
  ],
  ["Ogg Vorbis", ogg("\x01vorbis"), "a.ogg", "audio/ogg", "Audio", "audio"],
  ["Opus", ogg("OpusHead\x01"), "a.opus", "audio/ogg", "Audio", "audio"],
  ["WebM of a voice message", matroska("webm", "A_OPUS"), "a.webm", "audio/webm", "Audio", "audio"],
  ["WAV", riff("WAVE", riffChunk("fmt ", Buffer.alloc(16))), "a.wav", "audio/wav", "Audio", "audio"],
  ["WAV over 4 GB", padded("RF64\xff\xff\xff\xffWAVE"), "a.wav", "audio/wav", "Audio", "audio"],
  ["FLAC", padded("fLaC\0\0\0\x22"), "a.flac", "audio/flac", "Audio", "audio"],
  ["AIFF", padded("FORM\0\0\0\x10AIFFCOMM"), "a.aiff", "audio/aiff", "Audio", "download"],
  ["MIDI", padded("MThd\0\0\0\x06\0\x01"), "a.mid", "audio/midi", "MIDI music", "download"],
  ["AMR", padded("#!AMR\n\x3c"), "a.amr", "audio/amr", "Audio", "download"],
]

/** Sources: ISO/IEC 14496-12 and -14; 3GPP TS 26.244; QuickTime File Format; RFC 9559; Adobe's FLV; [MS-ASF]. */
const films: Case[] = [
  [
    "MP4",
    Buffer.concat([ftyp("isom", "iso2", "avc1", "mp41"), movie("vide", "soun")]),
    "a.mp4",
    "video/mp4",
    "Video",
    "video",
  ],
  ["MP4 of a stream", ftyp("dash", "iso6"), "a.mp4", "video/mp4", "Video", "video"],
  ["MP4 without sound", Buffer.concat([ftyp("mp42"), movie("vide")]), "a.mp4", "video/mp4", "Video", "video"],
  [
    "QuickTime of an iPhone",
    Buffer.concat([ftyp("qt  "), movie("vide", "soun")]),
    "a.mov",
    "video/quicktime",
    "Video",
    "video",
  ],
  [
    "QuickTime before brands",
    Buffer.concat([box("wide"), movie("vide")]),
    "a.mov",
    "video/quicktime",
    "Video",
    "video",
  ],
  ["3GP", Buffer.concat([ftyp("3gp5"), movie("vide")]), "a.3gp", "video/3gpp", "Video", "video"],
  ["WebM", matroska("webm", "V_VP9"), "a.webm", "video/webm", "Video", "video"],
  ["Matroska", matroska("matroska", "V_MPEG4/ISO/AVC"), "a.mkv", "video/x-matroska", "Video", "download"],
  ["Ogg Theora", ogg("\x80theora"), "a.ogv", "video/ogg", "Video", "video"],
  ["AVI", riff("AVI ", riffChunk("LIST", Buffer.alloc(8))), "a.avi", "video/x-msvideo", "Video", "download"],
  ["MPEG", padded("\0\0\x01\xba\x44"), "a.mpg", "video/mpeg", "Video", "download"],
  ["Flash", padded("FLV\x01\x05"), "a.flv", "video/x-flv", "Video", "download"],
  [
    "Windows Media",
    padded("\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    "a.wmv",
    "video/x-ms-asf",
    "Video",
    "download",
  ],
]

/** Sources: ISO 32000-2, 7.5.2; ECMA-376, part 2; ODF 1.2, part 3; EPUB OCF 3.2; [MS-CFB], [MS-DOC], [MS-XLS], [MS-PPT], [MS-OXMSG]; RTF 1.9.1. */
const documents: Case[] = [
  ["PDF", padded("%PDF-1.7\n%\xe2\xe3\xcf\xd3"), "a.pdf", "application/pdf", "PDF", "pdf"],
  ["PDF behind a mark", padded("\xef\xbb\xbf%PDF-1.4"), "a.pdf", "application/pdf", "PDF", "pdf"],
  [
    "Word",
    archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
    "a.docx",
    `${office}.wordprocessingml.document`,
    "Word document",
    "download",
  ],
  [
    "Word, in an order of its own",
    archive("word/document.xml", "docProps/app.xml", "[Content_Types].xml"),
    "a.docx",
    `${office}.wordprocessingml.document`,
    "Word document",
    "download",
  ],
  [
    "Excel",
    archive("[Content_Types].xml", "xl/workbook.xml"),
    "a.xlsx",
    `${office}.spreadsheetml.sheet`,
    "Excel workbook",
    "download",
  ],
  [
    "PowerPoint",
    archive("[Content_Types].xml", "ppt/presentation.xml"),
    "a.pptx",
    `${office}.presentationml.presentation`,
    "PowerPoint presentation",
    "download",
  ],
  [
    "Visio",
    archive("[Content_Types].xml", "visio/document.xml"),
    "a.vsdx",
    "application/vnd.ms-visio.drawing",
    "Visio drawing",
    "download",
  ],
  ["OpenDocument text", namedArchive(`${odf}.text`), "a.odt", `${odf}.text`, "OpenDocument text", "download"],
  [
    "OpenDocument table",
    namedArchive(`${odf}.spreadsheet`),
    "a.ods",
    `${odf}.spreadsheet`,
    "OpenDocument spreadsheet",
    "download",
  ],
  [
    "OpenDocument slides",
    namedArchive(`${odf}.presentation`),
    "a.odp",
    `${odf}.presentation`,
    "OpenDocument presentation",
    "download",
  ],
  ["EPUB", namedArchive("application/epub+zip"), "a.epub", "application/epub+zip", "E-book", "download"],
  [
    "Word of 1997",
    compoundFile("1Table", "WordDocument"),
    "a.doc",
    "application/msword",
    "Word document",
    "download",
  ],
  [
    "Excel of 1997",
    compoundFile("Workbook"),
    "a.xls",
    "application/vnd.ms-excel",
    "Excel workbook",
    "download",
  ],
  ["Excel of 1995", compoundFile("Book"), "a.xls", "application/vnd.ms-excel", "Excel workbook", "download"],
  [
    "PowerPoint of 1997",
    compoundFile("Current User", "PowerPoint Document"),
    "a.ppt",
    "application/vnd.ms-powerpoint",
    "PowerPoint presentation",
    "download",
  ],
  [
    "Outlook",
    compoundFile("__nameid_version1.0"),
    "a.msg",
    "application/vnd.ms-outlook",
    "Outlook message",
    "download",
  ],
  [
    "Word under a password",
    compoundFile("EncryptionInfo", "EncryptedPackage"),
    "a.doc",
    "application/x-ole-storage",
    "Word document",
    "download",
  ],
  ["RTF", padded("{\\rtf1\\ansi"), "a.rtf", "application/rtf", "Rich text", "download"],
]

/** Sources: APPNOTE 6.3.10; RFC 1952, 8878; 7zFormat.txt; RAR 5.0; .xz 1.2; POSIX pax; bzip2; ELF; PE; SQLite; RFC 8081. */
const others: Case[] = [
  ["ZIP", archive("a.txt", "word/notes.txt"), "a.zip", "application/zip", "Archive", "download"],
  ["empty ZIP", padded("PK\x05\x06", 18), "a.zip", "application/zip", "Archive", "download"],
  [
    "ZIP that is cut off",
    archive("a.txt", "b.txt").subarray(0, 40),
    "a.zip",
    "application/zip",
    "Archive",
    "download",
  ],
  [
    "Java",
    archive("META-INF/MANIFEST.MF", "A.class"),
    "a.jar",
    "application/java-archive",
    "Java archive",
    "download",
  ],
  [
    "Android app",
    archive("AndroidManifest.xml", "classes.dex"),
    "a.apk",
    "application/vnd.android.package-archive",
    "Android app",
    "download",
  ],
  ["gzip", padded("\x1f\x8b\x08"), "a.tar.gz", "application/gzip", "Archive", "download"],
  ["7z", padded("7z\xbc\xaf\x27\x1c"), "a.7z", "application/x-7z-compressed", "Archive", "download"],
  ["RAR", padded("Rar!\x1a\x07\x01\0"), "a.rar", "application/vnd.rar", "Archive", "download"],
  ["xz", padded("\xfd7zXZ\0"), "a.xz", "application/x-xz", "Archive", "download"],
  ["bzip2", padded("BZh91AY&SY"), "a.bz2", "application/x-bzip2", "Archive", "download"],
  ["Zstandard", padded("\x28\xb5\x2f\xfd"), "a.zst", "application/zstd", "Archive", "download"],
  ["tar", padded(`a.txt${"\0".repeat(252)}ustar\x0000`), "a.tar", "application/x-tar", "Archive", "download"],
  [
    "program of Windows",
    padded("MZ\x90\0\x03\0\0\0"),
    "a.exe",
    "application/vnd.microsoft.portable-executable",
    "Windows program",
    "download",
  ],
  ["program of Linux", padded("\x7fELF\x02\x01\x01"), "a", "application/x-elf", "Program", "download"],
  ["SQLite", padded("SQLite format 3\0"), "a.db", "application/vnd.sqlite3", "Database", "download"],
  ["font", padded("wOF2\0\x01\0\0"), "a.woff2", "font/woff2", "Font", "download"],
  ["bytes", padded("\x01\x02\x03\0"), "a.bin", "application/octet-stream", "File", "download"],
]

/** Sources: Unicode 17, 2.13 and 3.10; WHATWG Encoding; RFC 4180; what spreadsheets and editors of Windows write. */
const texts: Case[] = [
  ["text", latin("hello\n"), "a.txt", "text/plain", "Text", "text"],
  ["text beyond ASCII", Buffer.from("Grüße aus 東京"), "a.txt", "text/plain", "Text", "text"],
  ["text behind a mark", Buffer.from("\ufeffname;age\n"), "a.csv", "text/plain", "Table", "text"],
  ["UTF-16 of Windows", utf16("Größe\t1\r\n", "\xff\xfe"), "a.txt", "text/plain", "Text", "text"],
  ["UTF-16, big end first", utf16("Größe\t1\r\n", "\xfe\xff"), "a.txt", "text/plain", "Text", "text"],
  ["UTF-16 without a mark", utf16("Windows Registry Editor", ""), "a.reg", "text/plain", "Text", "text"],
  ["table in Windows' letters", latin("Stra\xdfe;Gr\xf6\xdfe\r\n"), "a.csv", "text/plain", "Table", "text"],
  ["code", latin("const a = 1"), "a.ts", "text/plain", "Code", "text"],
  ["JSON", latin('{"a": 1}'), "a.json", "text/plain", "JSON", "text"],
  ["SVG with a script", latin("<svg onload='alert(1)'/>"), "a.svg", "text/plain", "SVG image", "text"],
  [
    "a page that calls itself a picture",
    latin("<!doctype html><script>"),
    "a.png",
    "text/plain",
    "Text",
    "text",
  ],
  ["a page", latin("<html><script>alert(1)</script>"), "a.html", "text/plain", "Web page", "text"],
  [
    "text that begins like a bitmap",
    latin("BMW and others, a comparison of cars"),
    "a.txt",
    "text/plain",
    "Text",
    "text",
  ],
  ["text that begins like MP3", latin("ID3 tags explained"), "a.txt", "text/plain", "Text", "text"],
  [
    "text that begins like a program",
    latin("MZ is what programs begin with"),
    "a.txt",
    "text/plain",
    "Text",
    "text",
  ],
  [
    "text that begins like an archive",
    latin("BZh is the mark of bzip2"),
    "a.txt",
    "text/plain",
    "Text",
    "text",
  ],
  ["subtitles", latin("1\n00:00:01,000 --> 00:00:02,000\nHi\n"), "a.srt", "text/plain", "Subtitles", "text"],
]

const groups = { images, heif, sounds, films, documents, others, texts }

describe.each(Object.entries(groups))("%s", (_, cases) => {
  test.each(cases)("%s", (_, bytes, name, type, label, showing) => {
    expect(contentTypeOf(bytes)).toBe(type)
    const file = { name, type }
    expect([kindLabel(file), showingOf(file)]).toEqual([label, showing])
  })
})

test("there are more than sixty of them", () => {
  expect(Object.values(groups).flat().length).toBeGreaterThan(60)
})

test("no signature cut short or broken anywhere makes the detection fail", () => {
  for (const [what, bytes] of Object.values(groups).flat()) {
    for (let length = 0; length < Math.min(bytes.length, 200); length += 3)
      contentTypeOf(bytes.subarray(0, length))
    const changed = Buffer.from(bytes)
    for (let at = 0; at < Math.min(changed.length, 600); at += 5) {
      changed[at] = 0xff
      expect([what, typeof contentTypeOf(changed)]).toEqual([what, "string"])
    }
  }
})

test("binary data is no text: random bytes, UTF-32, text cut within a letter", () => {
  expect(contentTypeOf(Buffer.from("nul\0"))).toBe("application/octet-stream")
  expect(contentTypeOf(latin("\xff\xfe\0\0A\0\0\0"))).toBe("application/octet-stream")
  expect(contentTypeOf(latin("\xff\xfeA"))).toBe("application/octet-stream")
  expect(contentTypeOf(Buffer.from([0x81, 0x8f, 0x90, 0x41]))).toBe("application/octet-stream")
  expect(contentTypeOf(Buffer.from(`x${"é".repeat(5000)}`))).toBe("text/plain")
})

test("files of before, which were stored as what contains them, are named by their names", () => {
  expect(kindLabel({ name: "a.heic", type: "video/mp4" })).toBe("HEIC image")
  expect(showingOf({ name: "a.heic", type: "video/mp4" })).toBe("download")
  expect(showingOf({ name: "a.m4a", type: "video/mp4" })).toBe("audio")
  expect(kindLabel({ name: "a.docx", type: "application/zip" })).toBe("Word document")
  // A name makes nothing of what it is not.
  expect(kindLabel({ name: "a.docx", type: "text/plain" })).toBe("Text")
  expect(showingOf({ name: "a.mp4", type: "application/octet-stream" })).toBe("download")
})

test("subtitles go with the film of their name", () => {
  const film = { name: "film.mp4", type: "video/mp4" }
  const other = { name: "other.mp4", type: "video/mp4" }
  const text = (name: string) => ({ name, type: "text/plain" })
  const names = (files: { name: string; type: string }[]) =>
    subtitlesOf(film, files).map(({ file, language }) => [file.name, language])

  expect(names([film, text("anything.vtt"), text("notes.txt")])).toEqual([["anything.vtt", undefined]])
  expect(names([film, other, text("film.de.srt"), text("film.vtt"), text("other.vtt")])).toEqual([
    ["film.de.srt", "de"],
    ["film.vtt", undefined],
  ])
})
