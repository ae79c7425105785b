import { Elysia } from "elysia"
import { type Completion, Completions } from "../../../views/completions.tsx"
import { html } from "../../web/reply.ts"
import { requireRoom } from "../channels/page.ts"
import { requireViewer, type Site, Unshown } from "../site.ts"
import { findCompletions } from "./completions.ts"

const kinds = new Set<unknown>(["member", "channel", "emoji"])

/** What a half-written name could become, for whoever writes in a channel. */
export function mentionsRoutes(site: Site) {
  return new Elysia().get("/servers/:serverId/channels/:channelId/complete", async (visit) => {
    const viewer = await requireViewer(site, visit)
    const channel = await requireRoom(site, viewer, visit.params)
    const { kind = "member", q = "" } = visit.query
    if (!isKind(kind) || typeof q !== "string") throw new Unshown(400, "kind is member, channel or emoji")

    const found = await findCompletions(site.db, channel, viewer.id, { kind, asked: q })
    return html(visit.request, String(<Completions kind={kind} found={found} />))
  })
}

function isKind(kind: unknown): kind is Completion["kind"] {
  return kinds.has(kind)
}
