import { z } from "zod"
import type { Feature } from "../feature.ts"
import type { Section } from "./doc.ts"
import { wireEndpoints } from "./wire.ts"

/** The sections of the documentation: those of the features, sorted, and the wire's. */
export async function sectionsOf(
  features: Readonly<Record<string, Pick<Feature, "docs">>>,
): Promise<Section[]> {
  const sections = await Promise.all(
    Object.values(features).flatMap(({ docs }) => (typeof docs === "function" ? docs() : (docs ?? []))),
  )
  return [...sections.sort((a, b) => a.order - b.order), wire]
}

const wire: Section = { title: "The Covenant wire", order: Infinity, endpoints: wireEndpoints }

/** The body of every refusal. */
export const ApiError = z.object({
  error: z.object({
    code: z.int(),
    message: z.string(),
    retryAfterSeconds: z.int().optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
})
