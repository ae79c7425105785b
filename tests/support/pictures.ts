import type { TestChat } from "./chat.ts"

/** The smallest picture there is: one grey pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
)

/** A picture of one colour, in that format. */
export async function picture(
  format: "png" | "jpeg" | "webp",
  width: number,
  height: number,
): Promise<Buffer> {
  return new Bun.Image(pixel).resize(width, height)[format]().buffer()
}

export function fileOf(name: string, bytes: Uint8Array | string, type = ""): File {
  return new File([typeof bytes === "string" ? bytes : new Uint8Array(bytes)], name, { type })
}

/** A file of one of the cast, uploaded to the room they meet in and in no message yet. */
export async function upload(
  { chat, cast, general }: Pick<TestChat, "chat" | "cast" | "general">,
  name: "alice" | "bob",
  file: File = fileOf("cat.png", pixel),
) {
  return chat.uploads.receive(cast[name].id, general.id, file)
}

/** A PNG that says it is of another size. */
export function withDimensions(png: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(png)
  changed.writeUInt32BE(width, 16)
  changed.writeUInt32BE(height, 20)
  changed.writeUInt32BE(Bun.hash.crc32(changed.subarray(12, 29)), 29)
  return changed
}

/** A JPEG as a phone that is held upright writes it: lying on its side, with a note how to turn it, and where. */
export function withOrientation(jpeg: Buffer, where: string): Buffer {
  const tiff = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
  const data = Buffer.from(`Exif\0\0${tiff}${where}`, "latin1")
  const head = Buffer.from([0xff, 0xe1, 0, data.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)])
}

export const comment = "a comment"

interface Animation {
  frames: number
  /** What is put wherever there is room for it: into a comment, a program's block, behind a frame and the end. */
  hidden?: string
  frameWidth?: number
  /** Pixels that each frame leaves out. */
  missing?: number
}

/** A GIF of four by three pixels that blinks. */
export function animation({ frames, hidden, frameWidth = 4, missing = 0 }: Animation): Buffer {
  const block = (text: string) => `${String.fromCharCode(text.length)}${text}`
  const secret =
    hidden === undefined ? "" : `\x21\xfe${block(hidden)}\0\x21\xff${block("XMP DataXMP")}${block(hidden)}\0`
  const loop = `\x21\xff${block("NETSCAPE2.0")}\x03\x01\0\0\0`
  const codes = pixelCodes(frameWidth * 3 - missing)
  const frame = Array.from({ length: frames }, (_, index) => {
    const data = block(codes(index % 2)) + (hidden === undefined ? "" : block(hidden))
    return `\x21\xf9\x04\0\x0a\0\0\0${secret}\x2c\0\0\0\0${String.fromCharCode(frameWidth)}\0\x03\0\0\x02${data}\0`
  })
  const screen = "\x04\0\x03\0\x80\0\0"
  const colours = "\0\0\0\xff\xff\xff"
  return Buffer.from(`GIF89a${screen}${colours}${loop}${frame.join("")}\x3b${hidden ?? ""}`, "latin1")
}

/** Pixels of one colour as GIF's LZW has them: codes of three bits, begun anew before they would grow. */
function pixelCodes(count: number) {
  return (colour: number) => {
    const codes = [4]
    for (let pixel = 0; pixel < count; pixel++) {
      if (pixel > 0 && pixel % 2 === 0) codes.push(4)
      codes.push(colour)
    }
    codes.push(5)
    const bytes: number[] = []
    codes.forEach((code, index) => {
      for (let bit = 0; bit < 3; bit++) {
        const at = index * 3 + bit
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (((code >> bit) & 1) << (at & 7))
      }
    })
    return String.fromCharCode(...bytes)
  }
}
