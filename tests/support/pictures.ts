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
