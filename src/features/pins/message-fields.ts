import { z } from "zod"

export const pinsFields = { extras: { pinned: z.literal(true).optional() } }
