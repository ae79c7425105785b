import { Elysia } from "elysia"
import type { z } from "zod"
import { ApiPage } from "../../../views/api.tsx"
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
    const topics = topicsOf(sections, covenant.channels)
    return { operations, named, topics, openApi: openApiOf(operations, named, topics) }
  })

  return new Elysia()
    .get("/api", async (visit) => {
      const { request } = visit
      const { operations, named, topics, openApi } = await documentation()
      if (wantsJson(request)) return json(request, openApi)

      const origin = services.config.publicOrigin ?? new URL(request.url).origin
      const viewer = (await viewerOf(services, visit)) ?? undefined
      return html(
        request,
        String(<ApiPage viewer={viewer} {...pageOf({ operations, named, topics, origin })} />),
      )
    })
    .get("/api/openapi.json", async ({ request }) => json(request, (await documentation()).openApi))
}
