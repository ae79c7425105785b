import { Elysia } from "elysia"
import { DescribePanel, isPicture } from "../../../views/files.tsx"
import { prefersStill } from "../../../views/localize.ts"
import type { FormState } from "../../../views/ui.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { doneAt, goTo, json, jsonError, wantsJson } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireChannel } from "../permissions/require.ts"
import { framedComposer, refusedRoom } from "../rooms/page.tsx"
import type { Services } from "../services.ts"
import { act, refusalOf, requireViewer, type Visit } from "../visit.ts"
import { isMultipart, receiveForm, unreadMultipart } from "./forms.ts"
import { previewSizes } from "./images.ts"
import { noSuchFile, requireFile } from "./require-file.ts"
import { serveFile } from "./serve.ts"
import { toAttachment } from "./store.ts"
import { serveMedia, serveSubtitles, viewFile } from "./viewing.tsx"

type ChannelVisit = Visit & { params: { serverId: string; channelId: string } }
type FileVisit = Visit & { params: { fileId: string }; body?: unknown }

/** Uploads, downloads and the viewer. */
export function filesRoutes(services: Services) {
  return new Elysia()
    .post("/servers/:serverId/channels/:channelId/files", (visit) => upload(services, visit), {
      parse: unreadMultipart,
      ...route({ upload: true }),
    })
    .get("/files/:fileId", async (visit) => {
      const { file } = await requireFileOf(services, visit)
      const type = isPicture(toAttachment(file)) ? file.type : undefined
      return serve(services, visit.request, file.key, { name: file.name, type, etag: `"${file.id}"` })
    })
    .get("/files/:fileId/preview/:size", async (visit) => {
      const { file } = await requireFileOf(services, visit)
      const size = previewSizes.find((candidate) => String(candidate) === visit.params.size)
      if (!size || !isPicture(toAttachment(file))) throw new Refusal(noSuchFile, 404)

      const name = `${file.name}.webp`
      const etag = `"${file.id}.${size}"`
      return serve(services, visit.request, `${file.key}.${size}`, { name, type: "image/webp", etag })
    })
    .get("/files/:fileId/view", async (visit) =>
      viewFile(services, visit, await requireFileOf(services, visit)),
    )
    .get("/files/:fileId/media", async (visit) => {
      const { file } = await requireFileOf(services, visit)
      return serveMedia(services, visit.request, file)
    })
    .get("/files/:fileId/subtitles", async (visit) => {
      const { file } = await requireFileOf(services, visit)
      return serveSubtitles(services, visit.request, file)
    })
    .get("/files/:fileId/alt", async (visit) => {
      const found = await requireFileOf(services, visit)
      if (!found.isOwn) throw new Refusal("You may describe only your own pictures", 403)

      return describePanel(visit, found, { state: { values: { alt: found.file.alt } } })
    })
    .post("/files/:fileId/alt", (visit) => describe(services, visit))
    .post("/files/:fileId/discard", async (visit) => {
      const { file } = await requireFileOf(services, visit)
      const { success, data, error } = await act(services, visit, "discardFile", { fileId: file.id })
      if (wantsJson(visit.request)) {
        return success ? json(visit.request, data) : jsonError(visit.request, error)
      }
      if (!success) throw refusalOf(error)

      return goTo(visit.request, "/")
    })
}

async function describe(services: Services, visit: FileVisit): Promise<Response> {
  const alt = field(visit.body, "alt")
  const { success, data, error } = await act(services, visit, "describeFile", {
    fileId: visit.params.fileId,
    alt,
  })
  if (wantsJson(visit.request)) {
    return success ? json(visit.request, data) : jsonError(visit.request, error)
  }
  if (success) return doneAt(visit.request, `/files/${data.id}/view`)

  const found = await requireFileOf(services, visit)
  if (!found.isOwn) throw refusalOf(error)

  return describePanel(visit, found, { state: formState(error, { alt }), error })
}

/** The form that describes a picture. */
function describePanel(
  visit: Visit,
  { viewer, file }: Awaited<ReturnType<typeof requireFileOf>>,
  { state, error }: { state: FormState; error?: ProcedureError },
): Response {
  const isStill = prefersStill(viewer)
  const markup = <DescribePanel file={toAttachment(file)} isStill={isStill} state={state} />
  return panel(visit, viewer, { title: "Describe image", markup, error })
}

/**
 * Stores files for a later message. Answers a script with their ids, and a page without JavaScript with the composer
 * that has them attached. Reports the refused files and stores the others.
 */
async function upload(services: Services, visit: ChannelVisit): Promise<Response> {
  const { request, params } = visit
  const viewer = await requireViewer(services, visit)
  const access = await requireChannel(services, viewer, params, "attachFiles")
  if (!isMultipart(request))
    throw new Refusal("Send the files as multipart/form-data in the field `files`", 415)

  const { fields, uploaded, refusals } = await receiveForm(services, visit, {
    userId: viewer.id,
    room: async () => access.channel,
  })
  const [refusal] = refusals
  const refused = refusals.map(({ message, status }) => ({ code: status, message }))
  const status = refusal?.status ?? 201
  if (wantsJson(request)) {
    if (refusal && uploaded.length === 0) {
      const { retryAfterSeconds } = refusal.options
      return jsonError(request, { code: status, message: refusal.message, retryAfterSeconds })
    }
    return json(request, { files: uploaded, refused }, { status: 201 })
  }

  const error = refused.map(({ message }) => message).join(". ")
  const unsent = { draft: fields.content ?? "", error, status: refusal ? status : 200, files: uploaded }
  const framed = new URL(request.url).searchParams.get("from") === "composer"
  return framed
    ? framedComposer(services, visit, { viewer, ...access, unsent })
    : refusedRoom(services, visit, { viewer, ...access, unsent })
}

/** The file in the path. Fails: 401, 404. */
async function requireFileOf(services: Services, visit: FileVisit) {
  const viewer = await requireViewer(services, visit)
  return { viewer, ...(await requireFile(services, viewer, visit.params.fileId)) }
}

async function serve(
  services: Services,
  request: Request,
  key: string,
  options: Omit<Parameters<typeof serveFile>[1], "stored">,
): Promise<Response> {
  const stored = await services.storage.get(key)
  if (!stored) throw new Refusal(noSuchFile, 404)

  return serveFile(request, { stored, ...options })
}
