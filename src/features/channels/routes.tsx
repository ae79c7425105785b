import { Elysia } from "elysia"
import {
  ArchiveChannelPanel,
  ChannelSettingsPanel,
  DeleteChannelPanel,
  NewChannelPanel,
} from "../../../views/channel-settings.tsx"
import { goTo } from "../../web/reply.ts"
import { listCategories } from "../categories/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { can } from "../permissions/can.ts"
import { requireCategory } from "../permissions/places.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"

type OfServer = Visit & { params: { serverId: string }; body: unknown }
type OfChannel = Visit & { params: { serverId: string; channelId: string }; body: unknown }

/** Creating, changing, archiving and deleting channels. The chat itself is in `rooms`. */
export function channelsRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/new", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { serverId } = visit.params
      const categoryId = new URL(visit.request.url).searchParams.get("category") ?? ""
      const { server } = await requireServer(
        services,
        viewer,
        serverId,
        categoryId ? "read" : "manageChannels",
      )
      if (categoryId) await requireCategory(services, viewer, categoryId, "manageChannels")

      const categories = await listCategories(services.db, server.id, viewer.id)
      const state = { values: { categoryId } }
      const markup = <NewChannelPanel server={server} categories={categories} state={state} />
      return panel(visit, viewer, { title: "Create channel", markup })
    })
    .post("/servers/:serverId/channels", (visit) => create(services, visit))
    .get("/servers/:serverId/channels/:channelId/settings", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const markup = await settingsPanel(services, viewer, visit.params)
      return panel(visit, viewer, { title: "Channel settings", markup })
    })
    .post("/servers/:serverId/channels/:channelId", (visit) => change(services, visit))
    .post("/servers/:serverId/channels/:channelId/access", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params)
      orThrow(
        await act(services, visit, "setChannelAccess", { channelId: channel.id, ...accessIn(visit.body) }),
      )
      return goTo(visit.request, `/servers/${channel.serverId}/channels/${channel.id}`)
    })
    .use(endingRoutes(services))
}

/** Archiving and deleting. */
function endingRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/archive", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params, "manageChannels")
      const title = channel.isArchived ? "Unarchive channel" : "Archive channel"
      return panel(visit, viewer, { title, markup: <ArchiveChannelPanel channel={channel} state={{}} /> })
    })
    .post("/servers/:serverId/channels/:channelId/archive", (visit) =>
      setArchived(services, visit, "archiveChannel"),
    )
    .post("/servers/:serverId/channels/:channelId/unarchive", (visit) =>
      setArchived(services, visit, "unarchiveChannel"),
    )
    .get("/servers/:serverId/channels/:channelId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params, "manageChannels")
      const markup = <DeleteChannelPanel channel={channel} state={{}} />
      return panel(visit, viewer, { title: "Delete channel", markup })
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

async function create(services: Services, visit: OfServer): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { serverId } = visit.params
  const { body } = visit
  const [name, topic, categoryId] = [field(body, "name"), field(body, "topic"), field(body, "categoryId")]
  const { success, data, error } = await act(services, visit, "createChannel", {
    ...{ serverId, name, topic, categoryId: categoryId || null, ...accessIn(body) },
  })
  if (success) return goTo(visit.request, `/servers/${serverId}/channels/${data.id}`)

  const { server } = await requireServer(services, viewer, serverId)
  const chosen = { isPrivate: field(body, "isPrivate"), isReadOnly: field(body, "isReadOnly") }
  const state = formState(error, { name, topic, categoryId, ...chosen })
  const categories = await listCategories(services.db, server.id, viewer.id)
  const markup = <NewChannelPanel server={server} categories={categories} state={state} />
  return panel(visit, viewer, { title: "Create channel", markup, error })
}

/** Changes the name and topic, and moves the channel to the end of another category. */
async function change(services: Services, visit: OfChannel): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params)
  const { id: channelId, serverId, categoryId: from } = channel
  const { body } = visit
  const [name, topic, to] = [field(body, "name"), field(body, "topic"), field(body, "categoryId")]
  const isMoved = hasField(body, "categoryId") && to !== (from ?? "")
  const changed = await act(services, visit, "updateChannel", {
    ...{ channelId, name, topic: hasField(body, "topic") ? topic : undefined },
  })
  const end = { id: channelId, position: lastPosition, categoryId: to || null }
  const { success, error } =
    changed.success && isMoved
      ? await act(services, visit, "moveChannels", { serverId, channels: [end] })
      : changed
  if (success) return goTo(visit.request, `/servers/${serverId}/channels/${channelId}`)

  const state = formState(error, { name, topic, categoryId: to })
  const markup = await settingsPanel(services, viewer, visit.params, state)
  return panel(visit, viewer, { title: "Channel settings", markup, error })
}

/** After all others, until somebody orders them. */
const lastPosition = 99_999

async function settingsPanel(
  services: Services,
  viewer: SignedInViewer,
  path: OfChannel["params"],
  state?: ReturnType<typeof formState>,
) {
  const { channel, standing } = await requireChannel(services, viewer, path, "manageChannels")
  const { name, topic, categoryId } = channel
  const may = {
    manageRoles: can(standing, "manageRoles"),
    manageWebhooks: can(standing, "manageWebhooks"),
  }
  return (
    <ChannelSettingsPanel
      channel={channel}
      categories={await listCategories(services.db, channel.serverId, viewer.id)}
      may={may}
      state={state ?? { values: { name, topic, categoryId: categoryId ?? "" } }}
    />
  )
}

async function setArchived(
  services: Services,
  visit: OfChannel,
  name: "archiveChannel" | "unarchiveChannel",
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params)
  const { success, error } = await act(services, visit, name, { channelId: channel.id })
  if (success) return goTo(visit.request, `/servers/${channel.serverId}/channels/${channel.id}`)

  const title = channel.isArchived ? "Unarchive channel" : "Archive channel"
  const markup = <ArchiveChannelPanel channel={channel} state={formState(error, {})} />
  return panel(visit, viewer, { title, markup, error })
}

/** A checkbox that is not checked is not sent. */
function accessIn(body: unknown) {
  return { isPrivate: field(body, "isPrivate") === "on", isReadOnly: field(body, "isReadOnly") === "on" }
}

function hasField(body: unknown, name: string): boolean {
  return typeof body === "object" && body !== null && name in body
}
