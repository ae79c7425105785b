import { z } from "zod"

export const retentionFields = {
  extras: {
    /** How many files of the message were deleted because they were older than its channel keeps files. */
    expiredFiles: z.int().optional(),
  },
}
