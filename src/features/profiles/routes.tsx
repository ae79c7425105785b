import { Elysia } from "elysia"
import { cardPath } from "../../../views/people.ts"
import { ProfilePage } from "../../../views/profiles.tsx"
import type { FormState } from "../../../views/ui.tsx"
import { Refusal } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { isMultipart, readForm, unreadMultipart } from "../files/forms.ts"
import { field, formState } from "../form-fields.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { serveAvatar, storeAvatar } from "./avatars.ts"
import { cardPanel } from "./card.tsx"
import type { PresenceChoice } from "./contract.ts"
import { endOf } from "./status.ts"
import { findPersonal } from "./store.ts"

type OfUser = Visit & { params: { userId: string } }
type OfPicture = Visit & { params: { userId: string; version: string; form?: string } }

const page = "/account/profile"
const notices: Record<string, string> = {
  profile: "Profile saved.",
  picture: "Picture saved.",
  status: "Status saved.",
  presence: "Presence saved.",
}

/** The viewer's profile, the cards of others, and all pictures. */
export function profilesRoutes(services: Services) {
  return new Elysia()
    .get(page, (visit) => ownProfile(services, visit))
    .post(page, async (visit) => {
      const names = ["displayName", "pronouns", "bio"] as const
      const values = Object.fromEntries(names.map((name) => [name, field(visit.body, name)]))
      const { success, error } = await act(services, visit, "updateProfile", values)
      if (success) return goTo(visit.request, `${page}?saved=profile`)
      return ownProfile(services, visit, { profile: formState(error, values) }, error.code)
    })
    .post(`${page}/avatar`, (visit) => upload(services, visit), {
      parse: unreadMultipart,
      ...route({ upload: true }),
    })
    .post(`${page}/avatar/remove`, async (visit) => {
      orThrow(await act(services, visit, "removeAvatar", null))
      return goTo(visit.request, `${page}?saved=picture`)
    })
    .post(`${page}/status`, (visit) => setStatus(services, visit))
    .post(`${page}/presence`, async (visit) => {
      await requireViewer(services, visit)
      const presence = field(visit.body, "presence") as PresenceChoice
      orThrow(await act(services, visit, "setPresence", { presence }))
      return goTo(visit.request, `${page}?saved=presence`)
    })
    .get("/users/:userId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { userId } = visit.params
      return cardPanel(services, visit, viewer, { userId, serverId: serverIn(visit) })
    })
    .post("/users/:userId/note", (visit) => setNote(services, visit))
    .get("/users/:userId/avatar/:version", (visit) => showAvatar(services, visit))
    .get("/users/:userId/avatar/:version/:form", (visit) => showAvatar(services, visit))
}

/** The page of the viewer's profile; `states`: of the form that failed. */
async function ownProfile(
  services: Services,
  visit: Visit,
  states: Parameters<typeof ProfilePage>[0]["states"] = {},
  status?: number,
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const profile = orThrow(await act(services, visit, "getProfile", { userId: viewer.id }))
  const choice = (await findPersonal(services.db, viewer.id))?.presence ?? "online"
  const saved = notices[new URL(visit.request.url).searchParams.get("saved") ?? ""]
  const places = await findPlaces(services.db, viewer.id)
  const props = { viewer, ...places, profile, choice, saved, states }
  return html(visit.request, String(<ProfilePage {...props} />), { status })
}

async function upload(services: Services, visit: Visit): Promise<Response> {
  const { request } = visit
  const viewer = await requireViewer(services, visit)
  if (!isMultipart(request))
    throw new Refusal("Send the picture as multipart/form-data in the field `avatar`", 415)

  const release = services.uploads.admit(viewer.id, Number(request.headers.get("content-length")))
  try {
    const file = (await readForm(request)).get("avatar")
    if (!(file instanceof File) || file.size === 0) throw new Refusal("Choose a picture first", 400)

    await storeAvatar(services, viewer.id, file)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const state: FormState = { error: error.message }
    return ownProfile(services, visit, { avatar: state }, error.status)
  } finally {
    release()
  }
  return goTo(request, `${page}?saved=picture`)
}

async function setStatus(services: Services, visit: Visit & { body: unknown }): Promise<Response> {
  const { clock } = await requireViewer(services, visit)
  const isCleared = field(visit.body, "clear") !== ""
  const names = ["text", "emoji", "duration"] as const
  const values = Object.fromEntries(
    names.map((name) => [name, isCleared ? "" : field(visit.body, name)]),
  ) as Record<(typeof names)[number], string>
  const { text, emoji, duration } = values
  const expiresAt = endOf(duration, new Date(), clock)
  const { success, error } = await act(services, visit, "setStatus", { text, emoji, expiresAt })
  if (success) return goTo(visit.request, `${page}?saved=status`)
  return ownProfile(services, visit, { status: formState(error, values) }, error.code)
}

async function setNote(services: Services, visit: OfUser & { body: unknown }): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { userId } = visit.params
  const serverId = serverIn(visit)
  const note = field(visit.body, "note")
  const { success, error } = await act(services, visit, "setNote", { userId, text: note })
  if (!success && error.code === 404) throw new Refusal(error.message, 404)
  if (success && !visit.request.headers.has("hx-request"))
    return goTo(visit.request, cardPath(userId, serverId))

  const failure = error && { ...error, issues: error.issues?.map((issue) => ({ ...issue, path: "note" })) }
  const card = { userId, serverId, note, noteSaved: success, error: failure ?? undefined }
  return cardPanel(services, visit, viewer, card)
}

async function showAvatar(services: Services, visit: OfPicture): Promise<Response> {
  await requireViewer(services, visit)
  return serveAvatar(services, visit.request, visit.params)
}

/** The server from which a card was opened. */
function serverIn({ request }: Visit): string | undefined {
  return new URL(request.url).searchParams.get("server") ?? undefined
}
