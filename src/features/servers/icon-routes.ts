import { Elysia } from "elysia"
import { Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { isMultipart, readForm, unreadMultipart } from "../files/forms.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { serveIcon, storeIcon } from "./icons.ts"

type OfServer = Visit & { params: { serverId: string } }

/** The icon of a server: showing, uploading and removing it. */
export function iconRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/icon/:iconId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      return serveIcon(services, visit.request, { viewer, ...visit.params })
    })
    .post("/servers/:serverId/icon", (visit) => upload(services, visit), {
      parse: unreadMultipart,
      ...route({ upload: true }),
    })
    .post("/servers/:serverId/icon/remove", async (visit) => {
      await requireViewer(services, visit)
      const { serverId } = visit.params
      orThrow(await act(services, visit, "removeServerIcon", { serverId }))
      return goTo(visit.request, `/servers/${serverId}/settings`)
    })
}

async function upload(services: Services, visit: OfServer): Promise<Response> {
  const { request, params } = visit
  const viewer = await requireViewer(services, visit)
  // Before anything is read.
  await requireServer(services, viewer, params.serverId, "manageServer")
  if (!isMultipart(request))
    throw new Refusal("Send the icon as multipart/form-data in the field `icon`", 415)

  const release = services.uploads.admit(viewer.id, Number(request.headers.get("content-length")))
  try {
    const file = (await readForm(request)).get("icon")
    if (!(file instanceof File) || file.size === 0) throw new Refusal("Choose an image first", 400)

    await storeIcon(services, viewer, { serverId: params.serverId, file })
  } finally {
    release()
  }
  return goTo(request, `/servers/${params.serverId}/settings`)
}
