import { z } from "zod"
import type { Section } from "./doc.ts"
import { wireAddresses } from "./wire.ts"

/** The sections of the documentation: those of the features, in their order, and that of the wire. */
export function sectionsOf(features: Readonly<Record<string, { docs?: Section }>>): Section[] {
  const sections = Object.values(features).flatMap(({ docs }) => docs ?? [])
  return [...sections.sort((a, b) => a.order - b.order), wire]
}

const wire: Section = { title: "The Covenant wire", order: Infinity, addresses: wireAddresses }

/** What every refusal looks like. */
export const ApiError = z.object({
  error: z.object({
    code: z.int(),
    message: z.string(),
    retryAfterSeconds: z.int().optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
})
