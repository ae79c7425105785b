import { Elysia } from "elysia"
import { PreviewPage, PreviewPane } from "../../../views/drafts.tsx"
import { html, wantsFragment } from "../../web/reply.ts"
import { withEmoji } from "../emoji/shortcodes.ts"
import { field } from "../form-fields.ts"
import { resolveNames } from "../mentions/resolve.ts"
import { Content } from "../messages/contract.ts"
import { takeNames } from "../messages/shown-names.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"

/** Renders a draft as its message would look: beside the composer, and without JavaScript as a page. */
export function draftsRoutes(services: Services) {
  return new Elysia().post("/servers/:serverId/channels/:channelId/preview", async (visit) => {
    const { request, params, body } = visit
    const viewer = await requireViewer(services, visit)
    const { channel, standing } = await requireChannel(services, viewer, params)
    const { serverId, id } = channel
    const written = field(body, "content")
    const parsed = Content.safeParse(written)
    const content = await withEmoji(parsed.data ?? "")
    const place = { serverId, channelId: id, userId: viewer.id, standing }
    const named = takeNames((await resolveNames(services.db, place, content)) ?? null)
    const preview = {
      address: `/servers/${serverId}/channels/${id}`,
      message: { content, serverId, ...named },
      error: parsed.error?.issues[0]?.message,
      clock: viewer.clock,
    }
    if (wantsFragment(request)) return html(request, String(<PreviewPane {...preview} />))

    const page = <PreviewPage {...preview} viewer={viewer} draft={written} replyTo={field(body, "replyTo")} />
    return html(request, String(page))
  })
}
