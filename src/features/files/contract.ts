import { z } from "zod"
import { mutation } from "../../kernel/index.ts"
import { Attachment } from "./message-fields.ts"

/** Longest description of a picture, in UTF-16 code units. Source: Discord API docs, Attachment Object. */
export const maxAltLength = 1024

/** A file that was uploaded: what a message will show of it, once it is sent with one. */
export const UploadedFile = Attachment
export type UploadedFile = z.infer<typeof UploadedFile>

/** What a picture shows, in words. */
const Alt = z
  .string()
  .overwrite((text) =>
    text
      .toWellFormed()
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim(),
  )
  .refine((text) => text.length <= maxAltLength, `A description has at most ${maxAltLength} characters`)

/**
 * Files themselves are sent by `POST …/channels/:channelId/files` (multipart, the field `files`), which answers with
 * their ids; a message then takes them with it (`chat`, `files`). What is not sent within a day is deleted.
 */
export const filesContract = {
  /** Says in words what one's own picture shows, before or after it is sent. Fails: 401, 403, 404, 400, 429. */
  describeFile: mutation({ input: z.object({ fileId: z.string(), alt: Alt }), output: UploadedFile }),
  /** Takes back a file of one's own that is in no message yet. Fails: 401, 404, 409 (sent meanwhile). */
  discardFile: mutation({ input: z.object({ fileId: z.string() }), output: UploadedFile }),
}

/** A size as people say it: `1.4 MB`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"]
  let [size, unit] = [bytes, 0]
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  const digits = unit > 0 && size < 10 ? 1 : 0
  return `${size.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`
}
