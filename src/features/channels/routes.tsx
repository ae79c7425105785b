import { Elysia } from "elysia"
import { ChannelSettingsPanel, DeleteChannelPanel, NewChannelPanel } from "../../../views/channels.tsx"
import { goTo } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, requireViewer } from "../visit.ts"

/** Creating, renaming and deleting channels. The chat itself is in `rooms`. */
export function channelsRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/new", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "manageChannels")

      return panel(visit, viewer, {
        title: "Create channel",
        markup: <NewChannelPanel server={server} state={{}} />,
      })
    })
    .post("/servers/:serverId/channels", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { serverId } = visit.params
      const name = field(visit.body, "name")
      const { success, data, error } = await act(services, visit, "createChannel", { serverId, name })
      if (success) return goTo(visit.request, `/servers/${serverId}/channels/${data.id}`)

      const { server } = await requireServer(services, viewer, serverId)
      const markup = <NewChannelPanel server={server} state={formState(error, { name })} />
      return panel(visit, viewer, { title: "Create channel", markup, error })
    })
    .get("/servers/:serverId/channels/:channelId/settings", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params, "manageChannels")
      const markup = <ChannelSettingsPanel channel={channel} state={{ values: { name: channel.name } }} />
      return panel(visit, viewer, { title: "Channel settings", markup })
    })
    .post("/servers/:serverId/channels/:channelId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params)
      const name = field(visit.body, "name")
      const { success, error } = await act(services, visit, "renameChannel", { channelId: channel.id, name })
      if (success) return goTo(visit.request, `/servers/${channel.serverId}/channels/${channel.id}`)

      const markup = <ChannelSettingsPanel channel={channel} state={formState(error, { name })} />
      return panel(visit, viewer, { title: "Channel settings", markup, error })
    })
    .get("/servers/:serverId/channels/:channelId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params, "manageChannels")
      return panel(visit, viewer, {
        title: "Delete channel",
        markup: <DeleteChannelPanel channel={channel} state={{}} />,
      })
    })
    .post("/servers/:serverId/channels/:channelId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params)
      const { success, error } = await act(services, visit, "deleteChannel", { channelId: channel.id })
      const { serverId, parentId } = channel
      if (success) return goTo(visit.request, parentId ? `/messages/${parentId}` : `/servers/${serverId}`)

      const markup = <DeleteChannelPanel channel={channel} state={formState(error, {})} />
      return panel(visit, viewer, { title: "Delete channel", markup, error })
    })
}
