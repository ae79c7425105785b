import { Elysia } from "elysia"
import { OfflinePage, SharePage } from "../../../views/web-app.tsx"
import { asset, assetResponse } from "../../web/assets.ts"
import { html, visitFile } from "../../web/reply.ts"
import { listConversations } from "../conversations/store.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { listChannelPlaces } from "../switcher/store.ts"
import { requireViewer } from "../visit.ts"
import { manifestOf } from "./manifest.ts"

/** The installable app: the manifest, the service worker, and their pages. */
export function webAppRoutes(services: Services) {
  const { look } = services
  return (
    new Elysia()
      .get("/manifest.webmanifest", ({ request }) => {
        const manifest = manifestOf(look.current, look.accent)
        const headers = { "content-type": "application/manifest+json", "cache-control": "no-cache" }
        return visitFile(request, JSON.stringify(manifest), headers)
      })
      .get("/service-worker.js", () => {
        // Browsers install a worker again when its bytes change: then it also caches the offline page again.
        const version = `\n// ${asset("app.css")} ${look.current.version}\n`
        const worker = assetResponse("service-worker.js", version)
        worker.headers.set(
          "content-security-policy",
          "default-src 'none'; connect-src 'self'; img-src 'self'",
        )
        return worker
      })
      // Asked for by Apple's devices where no page names another.
      .get("/apple-touch-icon.png", () => assetResponse("icons/app-180.png"))
      .get("/app-icon.png", () => assetResponse("icons/app-192.png"))
      .get("/offline", ({ request }) => html(request, String(<OfflinePage />)))
      .get("/share", async (visit) => {
        const viewer = await requireViewer(services, visit)
        const { searchParams } = new URL(visit.request.url)
        const texts = ["title", "text", "url"].map((name) => searchParams.get(name)).filter(Boolean)
        const page = (
          <SharePage
            viewer={viewer}
            servers={await listServers(services.db, viewer.id)}
            places={await listChannelPlaces(services.db, viewer.id)}
            conversations={await listConversations(services.db, viewer.id)}
            text={texts.join("\n")}
          />
        )
        return html(visit.request, String(page))
      })
  )
}
