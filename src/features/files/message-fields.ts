import { z } from "zod"

/** Files of one message. Source: Discord API docs, Create Message. */
export const maxFilesPerMessage = 10

/** A file that was sent with a message. */
export const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.int(),
  /** Only for images, in pixels: pages reserve the space before the image loads. */
  width: z.int().optional(),
  height: z.int().optional(),
  alt: z.string().optional(),
  /** An image that moves. */
  animated: z.literal(true).optional(),
})
export type Attachment = z.infer<typeof Attachment>

/** Distinct ids of files that the author uploaded to the same channel and has not sent yet. */
const FileIds = z
  .array(z.string().max(64))
  .max(maxFilesPerMessage, `A message has at most ${maxFilesPerMessage} files`)
  .overwrite((ids) => [...new Set(ids)])

interface FilesExtras {
  attachments?: Attachment[]
}

export const filesFields = {
  input: {
    files: FileIds.optional().describe("Ids of up to ten files that were uploaded to the channel"),
  },
  extras: { attachments: z.array(Attachment).optional() },
  insteadOfText: {
    input: "files",
    extras: "attachments",
    texts: ({ attachments = [] }: FilesExtras) => attachments.map(({ name }) => name),
  },
} as const
