import { Elysia } from "elysia"
import { roomTitle } from "../../../views/channels.tsx"
import { type MenuEntry, MenuPanel } from "../../../views/menus.tsx"
import { panel } from "../forms.tsx"
import type { PlaceLevels } from "../notifications/contract.ts"
import { can } from "../permissions/can.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Standing } from "../permissions/standing.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer } from "../visit.ts"

/** The menus of channels and servers, as panels. */
export function menuRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/menu", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel, standing } = await requireChannel(services, viewer, visit.params)
      const { isConversation, serverId, id, pair } = channel
      const room = `/servers/${serverId}/channels/${id}`
      const levels = orThrow(await act(services, visit, "getNotificationLevels", { channelId: id }))
      const entries = [
        ...(isConversation
          ? conversationEntries(room, serverId, pair === null)
          : channelEntries(room, serverId, standing)),
        ...notifying(room, isConversation ? "conversation" : "channel", levels),
        ...(isConversation ? [] : managing(standing, settingsOf(room))),
      ]
      const markup = <MenuPanel title={roomTitle(channel)} entries={entries} />
      return panel(visit, viewer, { title: roomTitle(channel), markup })
    })
    .get("/servers/:serverId/menu", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server, standing } = await requireServer(services, viewer, visit.params.serverId)
      const levels = orThrow(await act(services, visit, "getNotificationLevels", { serverId: server.id }))
      const markup = <MenuPanel title={server.name} entries={serverEntries(server.id, standing, levels)} />
      return panel(visit, viewer, { title: server.name, markup })
    })
}

function channelEntries(room: string, serverId: string, standing: Standing): MenuEntry[] {
  return [
    { label: "Mark as read", href: `${room}/read`, kind: "do", icon: "check" },
    { label: "Pinned messages", href: `${room}/pins`, kind: "panel", icon: "pin" },
    {
      label: "Search in this channel",
      href: `/search?in=${room.split("/").at(-1)}`,
      kind: "page",
      icon: "search",
    },
    { label: "Copy link", href: room, kind: "copyLink", icon: "link" },
    ...inviting(serverId, standing),
  ]
}

function settingsOf(room: string): MenuEntry {
  return { label: "Channel settings", href: `${room}/settings`, kind: "panel", icon: "sliders" }
}

/** Muting by one click, and everything else about notifications. */
function notifying(place: string, name: string, { isMutedForGood, mutedUntil }: PlaceLevels): MenuEntry[] {
  const isMuted = isMutedForGood || mutedUntil !== null
  const href = `${place}/notifications`
  return [
    {
      label: `${isMuted ? "Unmute" : "Mute"} ${name}`,
      ...{ href, kind: "do", icon: isMuted ? "bell" : "mute" },
      values: { keep: "levels", mute: isMuted ? "off" : "forever" },
    },
    { label: "Notifications", href, kind: "panel", icon: "bell" },
  ]
}

function conversationEntries(room: string, serverId: string, isGroup: boolean): MenuEntry[] {
  return [
    { label: "Mark as read", href: `${room}/read`, kind: "do", icon: "check" },
    { label: "Pinned messages", href: `${room}/pins`, kind: "panel", icon: "pin" },
    ...(isGroup
      ? [{ label: "Group", href: `/conversations/${serverId}`, kind: "panel", icon: "people" } as const]
      : []),
  ]
}

function serverEntries(serverId: string, standing: Standing, levels: PlaceLevels): MenuEntry[] {
  const server = `/servers/${serverId}`
  return [
    { label: "Mark all as read", href: `${server}/read`, kind: "do", icon: "check" },
    ...inviting(serverId, standing),
    ...managing(standing, {
      label: "Create channel",
      href: `${server}/channels/new`,
      kind: "panel",
      icon: "plus",
    }),
    ...notifying(server, "server", levels),
    { label: "Order of servers", href: "/account/servers", kind: "page", icon: "down" },
    { label: "Server settings", href: `${server}/settings`, kind: "page", icon: "sliders" },
    ...(can(standing, "leaveServer")
      ? [
          {
            label: "Leave server",
            href: `${server}/leave`,
            kind: "page",
            icon: "leave",
            danger: true,
          } as const,
        ]
      : []),
  ]
}

function managing(standing: Standing, entry: MenuEntry): MenuEntry[] {
  return can(standing, "manageChannels") ? [entry] : []
}

function inviting(serverId: string, standing: Standing): MenuEntry[] {
  const entry = {
    label: "Invite people",
    href: `/servers/${serverId}/invites`,
    kind: "panel",
    icon: "people",
  } as const
  return can(standing, "invite") ? [entry] : []
}
