import { z } from "zod"
import { mutation } from "../../kernel/index.ts"
import { Attachment } from "./message-fields.ts"

/** Longest description of a picture, in UTF-16 code units. Source: Discord API docs, Attachment Object. */
export const maxAltLength = 1024

/** An uploaded file, in the form in which messages show it. */
export const UploadedFile = Attachment
export type UploadedFile = z.infer<typeof UploadedFile>

/** A description of a picture, on one line. */
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
 * Files are uploaded by `POST …/channels/:channelId/files` (multipart, the field `files`), which returns their ids. A
 * message then attaches them by id (`files` of the channel `chat`). Files that are not sent or scheduled within a day are deleted.
 */
export const filesContract = {
  /** Sets the description of the viewer's own picture, before or after sending it. Fails: 401, 403, 404, 400, 429. */
  describeFile: mutation({ input: z.object({ fileId: z.string(), alt: Alt }), output: UploadedFile }),
  /** Deletes the viewer's own file that is in no message. Fails: 401, 404, 409 (sent or scheduled). */
  discardFile: mutation({ input: z.object({ fileId: z.string() }), output: UploadedFile }),
}

/** A size for people: `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"]
  let [size, unit] = [bytes, 0]
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  const digits = unit > 0 && size < 10 ? 1 : 0
  return `${size.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`
}
