import { z } from "zod"

/** How a linked page describes itself. */
export const LinkPreview = z.object({
  id: z.string(),
  url: z.string(),
  title: z.string(),
  description: z.string().optional(),
  siteName: z.string().optional(),
  image: z.object({ width: z.int(), height: z.int() }).optional(),
})
export type LinkPreview = z.infer<typeof LinkPreview>

export const previewsFields = { extras: { previews: z.array(LinkPreview).optional() } }
