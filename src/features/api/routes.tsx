import { Elysia } from "elysia"
import type { z } from "zod"
import { ApiPage, ApiReference } from "../../../views/api.tsx"
import { Cache, immutable } from "../../cache/cache.ts"
import { once } from "../../cache/once.ts"
import { covenant } from "../../covenant.ts"
import { html, json, wantsJson } from "../../web/reply.ts"
import type { Services } from "../services.ts"
import { viewerOf } from "../visit.ts"
import type { Section } from "./doc.ts"
import { openApiOf } from "./openapi.ts"
import { operationsOf } from "./operations.ts"
import { pageOf } from "./page.ts"
import { topicsOf } from "./topics.ts"

/** The API's documentation as a page and as OpenAPI. Built at the first request, because most servers never get one. */
export function apiDocsRoutes(services: Services, readSections: () => Promise<Section[]>) {
  const documentation = once(async () => {
    const sections = await readSections()
    const operations = operationsOf(sections, covenant.procedures)
    const named: Record<string, z.ZodType> = Object.assign({}, ...sections.map(({ schemas }) => schemas))
    return { operations, named, topics: topicsOf(sections, covenant.channels) }
  })
  const openApi = once(async () => {
    const { operations, named, topics } = await documentation()
    return openApiOf(operations, named, topics)
  })
  /** The newest by the server's URL, which its examples contain. Rendering it takes 100 times as long as sending it. */
  const references = new Cache<string>({ maxEntries: 1 })

  return new Elysia()
    .get("/api", async (visit) => {
      const { request } = visit
      if (wantsJson(request)) return json(request, await openApi())

      const source = await documentation()
      const origin = services.config.publicOrigin ?? new URL(request.url).origin
      const reference = references.getOrCreate(origin, immutable, () =>
        String(<ApiReference {...pageOf({ ...source, origin })} />),
      )
      const viewer = (await viewerOf(services, visit)) ?? undefined
      return html(request, String(<ApiPage viewer={viewer} reference={reference} />))
    })
    .get("/api/openapi.json", async ({ request }) => json(request, await openApi()))
}
