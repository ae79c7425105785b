import { Elysia } from "elysia"
import { z } from "zod"
import { ChannelOrderForm } from "../../../views/channel-order.tsx"
import { CategorySettingsPanel, NewCategoryPanel } from "../../../views/channel-settings.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { listArchived, listChannels } from "../channels/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireCategory } from "../permissions/places.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { moved, type Order, positionsOf } from "./reorder.ts"
import { listCategories } from "./store.ts"

type OfServer = Visit & { params: { serverId: string }; body: unknown }

/** The order of a server's channels and categories, among its settings, and the forms of categories. */
export function categoriesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/channels", (visit) => orderPage(services, { ...visit, body: null }))
    .post("/servers/:serverId/settings/channels/move", (visit) => move(services, visit))
    .get("/servers/:serverId/categories/new", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId, "manageChannels")
      const markup = <NewCategoryPanel server={server} state={{}} />
      return panel(visit, viewer, { title: "Create category", markup })
    })
    .post("/servers/:serverId/categories", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { serverId } = visit.params
      const name = field(visit.body, "name")
      const { success, error } = await act(services, visit, "createCategory", { serverId, name })
      if (success) return goTo(visit.request, settingsOf(serverId))

      const { server } = await requireServer(services, viewer, serverId)
      const markup = <NewCategoryPanel server={server} state={formState(error, { name })} />
      return panel(visit, viewer, { title: "Create category", markup, error })
    })
    .get("/servers/:serverId/categories/:categoryId/settings", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { category } = await requireCategory(services, viewer, visit.params.categoryId, "manageChannels")
      const markup = <CategorySettingsPanel category={category} state={{ values: { name: category.name } }} />
      return panel(visit, viewer, { title: "Category settings", markup })
    })
    .post("/servers/:serverId/categories/:categoryId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { categoryId } = visit.params
      const name = field(visit.body, "name")
      const { success, data, error } = await act(services, visit, "renameCategory", { categoryId, name })
      if (success) return goTo(visit.request, settingsOf(data.serverId))

      const { category } = await requireCategory(services, viewer, categoryId, "manageChannels")
      const markup = <CategorySettingsPanel category={category} state={formState(error, { name })} />
      return panel(visit, viewer, { title: "Category settings", markup, error })
    })
    .post("/servers/:serverId/categories/:categoryId/delete", async (visit) => {
      await requireViewer(services, visit)
      const { categoryId } = visit.params
      const { serverId } = orThrow(await act(services, visit, "deleteCategory", { categoryId }))
      return goTo(visit.request, settingsOf(serverId))
    })
}

const settingsOf = (serverId: string) => `/servers/${serverId}/settings/channels`

async function orderPage(services: Services, visit: OfServer, error?: ProcedureError): Promise<Response> {
  const { db } = services
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageChannels")
  const { id } = access.server
  const lists = {
    channels: await listChannels(db, id, viewer.id),
    categories: await listCategories(db, id, viewer.id),
    archived: await listArchived(db, id, viewer.id),
  }
  const markup = <ChannelOrderForm address={`/servers/${id}`} {...lists} error={error?.message} />
  return settingsPage(services, visit, {
    ...access,
    ...{ viewer, section: "channels", title: "Channels", markup, error },
  })
}

/** One step by a button, or a whole order by dragging: both move all channels with one call. */
async function move(services: Services, visit: OfServer): Promise<Response> {
  const { db } = services
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, visit.params.serverId)
  const [, direction, id = ""] = field(visit.body, "move").split(" ")
  const order = id === "" ? parseOrder(field(visit.body, "order")) : undefined
  const stored = async (): Promise<Order> => ({
    categories: await listCategories(db, server.id, viewer.id),
    channels: await listChannels(db, server.id, viewer.id),
  })
  const after = order ?? moved(await stored(), id, direction === "up" ? -1 : 1)
  const moves = { serverId: server.id, ...positionsOf(after) }
  const { success, error } = await act(services, visit, "moveChannels", moves)
  if (!success) return orderPage(services, visit, error)

  const anchor = after.categories.some((category) => category.id === id) ? "category" : "channel"
  return goTo(visit.request, `${settingsOf(server.id)}${id === "" ? "" : `#${anchor}-${id}`}`)
}

const Dragged = z.object({
  categories: z.array(z.object({ id: z.string() })),
  channels: z.array(z.object({ id: z.string(), categoryId: z.string().nullable() })),
})

/** The order that a script sends; without a meaning, none. */
function parseOrder(text: string): Order {
  try {
    return Dragged.parse(JSON.parse(text))
  } catch {
    return { categories: [], channels: [] }
  }
}
