import { Elysia } from "elysia"
import { Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { isMultipart, readForm, unreadMultipart } from "../files/forms.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { serveImage, storeImage } from "./images.ts"
import type { ImageName } from "./store.ts"

type OfServer = Visit & { params: { serverId: string } }

/** The icon and the banner of a server: showing, uploading and removing them. */
export function imageRoutes(services: Services) {
  const receiving = { parse: unreadMultipart, ...route({ upload: true }) }
  return new Elysia()
    .get("/servers/:serverId/icon/:imageId", (visit) => show(services, visit, "icon"))
    .get("/servers/:serverId/banner/:imageId", (visit) => show(services, visit, "banner"))
    .post("/servers/:serverId/icon", (visit) => upload(services, visit, "icon"), receiving)
    .post("/servers/:serverId/banner", (visit) => upload(services, visit, "banner"), receiving)
    .post("/servers/:serverId/icon/remove", (visit) => remove(services, visit, "removeServerIcon"))
    .post("/servers/:serverId/banner/remove", (visit) => remove(services, visit, "removeServerBanner"))
}

async function show(
  services: Services,
  visit: Visit & { params: { serverId: string; imageId: string } },
  image: ImageName,
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  return serveImage(services, visit.request, { viewer, image, ...visit.params })
}

async function remove(
  services: Services,
  visit: OfServer,
  name: "removeServerIcon" | "removeServerBanner",
): Promise<Response> {
  await requireViewer(services, visit)
  const { serverId } = visit.params
  orThrow(await act(services, visit, name, { serverId }))
  return goTo(visit.request, `/servers/${serverId}/settings`)
}

async function upload(services: Services, visit: OfServer, image: ImageName): Promise<Response> {
  const { request, params } = visit
  const viewer = await requireViewer(services, visit)
  // Before anything is read.
  await requireServer(services, viewer, params.serverId, "manageServer")
  if (!isMultipart(request))
    throw new Refusal(`Send the image as multipart/form-data in the field \`${image}\``, 415)

  const release = services.uploads.admit(viewer.id, Number(request.headers.get("content-length")))
  try {
    const file = (await readForm(request)).get(image)
    if (!(file instanceof File) || file.size === 0) throw new Refusal("Choose an image first", 400)

    await storeImage(services, viewer, { serverId: params.serverId, image, file })
  } finally {
    release()
  }
  return goTo(request, `/servers/${params.serverId}/settings?saved`)
}
