import { roomTitle } from "../../../views/channels.tsx"
import { ServerRail, Title } from "../../../views/layout.tsx"
import { NewerLink, OlderLink } from "../../../views/messages.tsx"
import { AroundRefresh, placeOf, RoomHeader, RoomNav } from "../../../views/rooms.tsx"
import type { Update } from "../../web/live/update.ts"
import { html } from "../../web/reply.ts"

interface More {
  articles: string
  older?: string
  newer?: string
  seq: number
  /** Were the older ones asked for, or the newer? */
  upwards: boolean
}

/** More history for a page that is open: the messages into the log, and the link that asked becomes the next. */
export function historyFragment(request: Request, { articles, older, newer, seq, upwards }: More): Response {
  const link = upwards ? older && <OlderLink href={older} /> : newer && <NewerLink href={newer} />
  const swap = upwards ? "afterbegin" : "beforeend"
  const messages = `<hx-partial hx-target="#messages" hx-swap="${swap}">${articles}</hx-partial>`
  const headers = new Headers()
  if (!link) {
    headers.set("hx-reswap", "delete")
    // The end of the log: from here on the page is live, from this change on.
    if (!upwards) headers.set("hx-trigger", JSON.stringify({ "log:newest": { seq } }))
  }
  return html(request, `${link ?? ""}${messages}`, { headers })
}

/** What, when it changes, changes what stands around a room: itself, its server, the server's channels and members. */
export function resourcesAround({ serverId, channelId }: { serverId: string; channelId: string }): string[] {
  const ofServer = [`server/${serverId}`, `channels/server/${serverId}`, `members/server/${serverId}`]
  return [...ofServer, `channel/${channelId}`]
}

/**
 * Tells pages that the lists around the room have changed. What those show depends on who looks, so each page
 * asks for its own: it happens seldom.
 */
export function aroundUpdate({ serverId, channelId }: { serverId: string; channelId: string }): Update {
  const refresh = <AroundRefresh channel={{ serverId, id: channelId }} />
  const fragment = `<hx-partial hx-target="#around" hx-swap="innerHTML">${refresh}</hx-partial>`
  return { seq: null, position: 0, fragment }
}

type Around = Parameters<typeof RoomHeader>[0] & Parameters<typeof RoomNav>[0]

/** What stands around a room, for a page that is open. Morphed, so that lists stay where they are scrolled to. */
export function aroundFragment(request: Request, around: Around): Response {
  const fragments = [
    `<hx-partial hx-target="#servers" hx-swap="outerMorph">${<ServerRail {...around} currentServerId={placeOf(around)} />}</hx-partial>`,
    `<hx-partial hx-target="#channels" hx-swap="outerMorph">${<RoomNav {...around} />}</hx-partial>`,
    `<hx-partial hx-target="#main" hx-swap="outerMorph">${<RoomHeader {...around} />}</hx-partial>`,
    `<hx-partial hx-target="#members" hx-swap="outerMorph">${around.pane}</hx-partial>`,
    <Title title={roomTitle(around.channel)} elsewhere={[...around.servers, around.direct ?? {}]} />,
  ]
  return html(request, fragments.join(""))
}
