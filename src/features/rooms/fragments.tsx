import { roomTitle } from "../../../views/channels.tsx"
import { ComposerNotes, type ComposerStateProps } from "../../../views/composer-state.tsx"
import { Title } from "../../../views/layout.tsx"
import { NewerLink, OlderLink } from "../../../views/log.tsx"
import { RoomHeader } from "../../../views/room-header.tsx"
import { placeOf, RoomNav } from "../../../views/room-shell.tsx"
import { SidebarRefresh } from "../../../views/rooms.tsx"
import { ServerRail } from "../../../views/shell.tsx"
import { ephemeralUpdate, type Update } from "../../web/live/update.ts"
import { html } from "../../web/reply.ts"
import { type Resource, resource } from "../permissions/resources.ts"

interface MoreHistory {
  /** Markup. */
  messages: string
  older?: string
  newer?: string
  seq: number
  /** `true`: older messages were requested; `false`: newer ones. */
  upwards: boolean
}

/** A page of history for an open page: inserts the messages, and replaces the link that requested them. */
export function historyFragment(request: Request, more: MoreHistory): Response {
  const { messages, older, newer, seq, upwards } = more
  const link = upwards ? older && <OlderLink href={older} /> : newer && <NewerLink href={newer} />
  const swap = upwards ? "afterbegin" : "beforeend"
  const insertion = `<hx-partial hx-target="#messages" hx-swap="${swap}">${messages}</hx-partial>`
  const headers = new Headers()
  if (!link) {
    headers.set("hx-reswap", "delete")
    // The end of the log: from here on the page shows live changes after this `seq`.
    if (!upwards) headers.set("hx-trigger", JSON.stringify({ "log:newest": { seq } }))
  }
  return html(request, `${link ?? ""}${insertion}`, { headers })
}

/** The resources whose change refreshes the sidebar: the channel, its server, and the server's channels and members. */
export function sidebarResources({
  serverId,
  channelId,
}: {
  serverId: string
  channelId: string
}): Resource[] {
  const ofServer = [resource.server(serverId), resource.channels(serverId), resource.members(serverId)]
  return [...ofServer, resource.channel(channelId)]
}

/** Makes pages request their sidebar again. The sidebar depends on the viewer, so the update cannot contain it. */
export function sidebarRefresh({ serverId, channelId }: { serverId: string; channelId: string }): Update {
  const refresh = <SidebarRefresh channel={{ serverId, id: channelId }} />
  const fragment = `<hx-partial hx-target="#around" hx-swap="innerHTML">${refresh}</hx-partial>`
  return ephemeralUpdate(fragment)
}

type SidebarProps = Parameters<typeof RoomHeader>[0] &
  Parameters<typeof RoomNav>[0] & { composerState: ComposerStateProps }

/** The sidebar and header of a room, for an open page. Morphed, so that lists retain their scroll position. */
export function sidebarFragment(request: Request, sidebar: SidebarProps): Response {
  const fragments = [
    `<hx-partial hx-target="#servers" hx-swap="outerMorph">${<ServerRail {...sidebar} currentServerId={placeOf(sidebar)} />}</hx-partial>`,
    `<hx-partial hx-target="#channels" hx-swap="outerMorph">${<RoomNav {...sidebar} />}</hx-partial>`,
    `<hx-partial hx-target="#main" hx-swap="outerMorph">${<RoomHeader {...sidebar} />}</hx-partial>`,
    `<hx-partial hx-target="#members" hx-swap="outerMorph">${sidebar.memberPane}</hx-partial>`,
    `<hx-partial hx-target="#composer-state" hx-swap="innerHTML">${<ComposerNotes {...sidebar.composerState} />}</hx-partial>`,
    <Title title={roomTitle(sidebar.channel)} elsewhere={[...sidebar.servers, sidebar.direct ?? {}]} />,
  ]
  return html(request, fragments.join(""))
}
