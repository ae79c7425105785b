import { Elysia } from "elysia"
import { type CompletionKind, CompletionList } from "../../../views/mentions.tsx"
import { Refusal } from "../../kernel/index.ts"
import { html } from "../../web/reply.ts"
import { can } from "../permissions/can.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"
import { findCommands } from "./commands.ts"
import { findCompletions } from "./completions.ts"
import { heldRolesStyles } from "./role-styles.ts"

const kinds = new Set<unknown>(["member", "channel", "emoji", "command"])

/** Completions of a name in the composer, and the styles that highlight mentions of the viewer's roles. */
export function mentionsRoutes(services: Services) {
  return new Elysia()
    .get("/account/roles.css", async (visit) => {
      const viewer = await requireViewer(services, visit)
      return heldRolesStyles(services.db, viewer.id, new URL(visit.request.url).searchParams.get("v"))
    })
    .get("/servers/:serverId/channels/:channelId/complete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel, standing } = await requireChannel(services, viewer, visit.params)
      const { kind = "member", q = "" } = visit.query
      if (!isKind(kind) || typeof q !== "string")
        throw new Refusal("kind is member, channel, emoji or command", 400)

      const { serverId, rootId: channelId } = channel
      if (kind === "command") {
        const { id, isConversation, parentId } = channel
        const place = { serverId, channelId: id, isConversation, isThread: parentId !== null }
        return html(visit.request, String(<CompletionList kind={kind} found={findCommands(q, place)} />))
      }
      const found = await findCompletions(
        services.db,
        { serverId, channelId, viewerId: viewer.id },
        {
          ...{ kind, asked: q, mayMentionAll: can(standing, "mentionEveryone") },
        },
      )
      return html(visit.request, String(<CompletionList kind={kind} found={found} />))
    })
}

function isKind(kind: unknown): kind is CompletionKind {
  return kinds.has(kind)
}
