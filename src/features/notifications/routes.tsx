import { Elysia } from "elysia"
import { NotificationSettingsPage, NotificationsPanel } from "../../../views/notifications.tsx"
import type { FormState } from "../../../views/ui.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, json, wantsFragment } from "../../web/reply.ts"
import { listCategories } from "../categories/store.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireCategoryOfMember } from "../permissions/places.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"
import type { PlaceInput, PlaceLevels } from "./contract.ts"
import { newestNotice } from "./newest-notice.ts"

interface Menu {
  viewer: SignedInViewer
  place: PlaceInput
  /** The path of the form, and where to go from it without a script. */
  action: string
  back: string
}

type OfServer = Visit & { params: { serverId: string } }
type OfCategory = Visit & { params: { serverId: string; categoryId: string } }
type OfChannel = Visit & { params: { serverId: string; channelId: string } }

/** Pages of notification settings: of servers, categories, channels, and the account. */
export function notificationsRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/notifications", async (visit) =>
      show(services, visit, await ofServer(services, visit)),
    )
    .post("/servers/:serverId/notifications", async (visit) =>
      save(services, visit, await ofServer(services, visit)),
    )
    .get("/servers/:serverId/categories/:categoryId/notifications", async (visit) =>
      show(services, visit, await ofCategory(services, visit)),
    )
    .post("/servers/:serverId/categories/:categoryId/notifications", async (visit) =>
      save(services, visit, await ofCategory(services, visit)),
    )
    .get("/servers/:serverId/channels/:channelId/notifications", async (visit) =>
      show(services, visit, await ofChannel(services, visit)),
    )
    .post("/servers/:serverId/channels/:channelId/notifications", async (visit) =>
      save(services, visit, await ofChannel(services, visit)),
    )
    .get("/servers/:serverId/channels/:channelId/notice", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params, "readHistory")
      const to = Number(new URL(visit.request.url).searchParams.get("to")) || undefined
      const notice = await newestNotice(services.db, viewer.id, { channel, to })
      return notice ? json(visit.request, notice) : new Response(null, { status: 204 })
    })
    .use(accountRoutes(services))
}

async function ofServer(services: Services, visit: OfServer): Promise<Menu> {
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, visit.params.serverId)
  const back = `/servers/${server.id}`
  return { viewer, place: { serverId: server.id }, action: `${back}/notifications`, back }
}

async function ofCategory(services: Services, visit: OfCategory): Promise<Menu> {
  const viewer = await requireViewer(services, visit)
  const { category } = await requireCategoryOfMember(services, viewer, visit.params.categoryId)
  const back = `/servers/${category.serverId}`
  const action = `${back}/categories/${category.id}/notifications`
  return { viewer, place: { categoryId: category.id }, action, back }
}

async function ofChannel(services: Services, visit: OfChannel): Promise<Menu> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params)
  const back = `/servers/${channel.serverId}/channels/${channel.id}`
  return { viewer, place: { channelId: channel.id }, action: `${back}/notifications`, back }
}

async function show(
  services: Services,
  visit: Visit,
  { viewer, place, action }: Menu,
  failed?: { error: ProcedureError; values: Record<string, string> },
): Promise<Response> {
  const levels = orThrow(await act(services, visit, "getNotificationLevels", place))
  const state = failed ? formState(failed.error, failed.values) : { values: valuesOf(levels) }
  const categories = await categoriesIn(services, viewer, place.serverId)
  const markup = <NotificationsPanel {...{ levels, action, viewer, state, categories }} />
  return panel(visit, viewer, { title: "Notifications", markup, error: failed?.error })
}

/** The categories of a server, with the addresses of their menus. */
async function categoriesIn({ db }: Services, viewer: SignedInViewer, serverId = "") {
  const categories = serverId === "" ? [] : await listCategories(db, serverId, viewer.id)
  return categories.map(({ id, name }) => ({
    name,
    href: `/servers/${serverId}/categories/${id}/notifications`,
  }))
}

async function save(services: Services, visit: Visit & { body?: unknown }, menu: Menu): Promise<Response> {
  const values = fieldsIn(visit.body)
  // Menus of channels and servers mute, and leave the rest as it is.
  const error =
    field(visit.body, "keep") === "levels"
      ? await saveMute(services, visit, menu.place, values.mute)
      : await saveLevels(services, visit, menu.place, values)
  if (error) return show(services, visit, menu, { error, values })
  if (!wantsFragment(visit.request)) return goTo(visit.request, menu.back)

  const trigger = JSON.stringify({ "dialog:close": null })
  return new Response(null, { status: 204, headers: { "hx-trigger": trigger } })
}

interface Fields extends Record<string, string> {
  level: string
  everyone: string
  roles: string
  mute: string
}

function fieldsIn(body: unknown): Fields {
  const [level, everyone] = [field(body, "level"), field(body, "everyone")]
  return { level, everyone, roles: field(body, "roles"), mute: field(body, "mute") }
}

function valuesOf({ chosen }: PlaceLevels): Fields {
  const suppressing = (isSuppressed: boolean | null) =>
    isSuppressed === null ? "" : isSuppressed ? "suppress" : "notify"
  return {
    level: chosen.level ?? "",
    everyone: suppressing(chosen.isEveryoneSuppressed),
    roles: suppressing(chosen.areRolesSuppressed),
    mute: "",
  }
}

/** Stores what was chosen in a form; the error of what the contract refused. */
async function saveLevels(
  services: Services,
  visit: Visit,
  place: PlaceInput,
  { level, everyone, roles, mute }: Fields,
): Promise<ProcedureError | undefined> {
  const suppressed = (value: string) => (value === "" ? null : value === "suppress")
  const choice = {
    // The contract checks the value.
    level: level === "" ? null : (level as PlaceLevels["effective"]["level"]),
    isEveryoneSuppressed: suppressed(everyone),
    areRolesSuppressed: suppressed(roles),
  }
  const { error } = await act(services, visit, "setNotificationLevels", { ...place, ...choice })
  return error ?? saveMute(services, visit, place, mute)
}

async function saveMute(
  services: Services,
  visit: Visit,
  place: PlaceInput,
  mute: string,
): Promise<ProcedureError | undefined> {
  if (mute === "") return undefined
  if (mute === "off") return (await act(services, visit, "unmuteNotifications", place)).error ?? undefined

  const minutes = mute === "forever" ? null : (Number(mute) as 15)
  return (await act(services, visit, "muteNotifications", { ...place, minutes })).error ?? undefined
}

function accountRoutes(services: Services) {
  return new Elysia()
    .get("/account/notifications", (visit) => accountPage(services, visit))
    .post("/account/notifications", async (visit) => {
      const values = fieldsIn(visit.body)
      const error = await saveLevels(services, visit, {}, values)
      return saved(
        services,
        visit,
        error ? { error, states: { levels: formState(error, values) } } : undefined,
      )
    })
    .post("/account/notifications/quiet-hours", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const values = {
        quietFrom: field(visit.body, "quietFrom"),
        quietUntil: field(visit.body, "quietUntil"),
      }
      const { error } = await act(services, visit, "updateNotificationSettings", {
        quietFrom: values.quietFrom || null,
        quietUntil: values.quietUntil || null,
        // As far as the browser has said where it is.
        timeZone: viewer.clock.zone,
      })
      return saved(
        services,
        visit,
        error ? { error, states: { quiet: formState(error, values) } } : undefined,
      )
    })
    .post("/account/notifications/keywords", async (visit) => {
      const values = { keywords: field(visit.body, "keywords") }
      const keywords = values.keywords
        .split(/[\n,]/)
        .map((line) => line.trim())
        .filter(Boolean)
      const { error } = await act(services, visit, "updateNotificationSettings", { keywords })
      return saved(
        services,
        visit,
        error ? { error, states: { keywords: ofOneField(error, values) } } : undefined,
      )
    })
}

/** Says at the field what is wrong with one of the lines in it. */
function ofOneField(error: ProcedureError, values: { keywords: string }): FormState {
  const [issue] = error.issues ?? []
  return issue ? { values, errors: { keywords: issue.message } } : formState(error, values)
}

interface Failed {
  error: ProcedureError
  states: Partial<Parameters<typeof NotificationSettingsPage>[0]["states"]>
}

async function saved(services: Services, visit: Visit, failed?: Failed): Promise<Response> {
  return failed ? accountPage(services, visit, failed) : goTo(visit.request, "/account/notifications?saved")
}

async function accountPage(services: Services, visit: Visit, failed?: Failed): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const levels = orThrow(await act(services, visit, "getNotificationLevels", {}))
  const settings = orThrow(await act(services, visit, "getNotificationSettings", null))
  const { quietFrom, quietUntil, keywords } = settings
  const page = (
    <NotificationSettingsPage
      viewer={viewer}
      {...(await findPlaces(services.db, viewer.id))}
      levels={levels}
      settings={settings}
      isZoneKnown={!viewer.clock.namesZone}
      isSaved={new URL(visit.request.url).searchParams.has("saved")}
      states={{
        levels: { values: valuesOf(levels) },
        quiet: { values: { quietFrom: quietFrom ?? "", quietUntil: quietUntil ?? "" } },
        keywords: { values: { keywords: keywords.join("\n") } },
        ...failed?.states,
      }}
    />
  )
  return html(visit.request, String(page), { status: failed?.error.code })
}
