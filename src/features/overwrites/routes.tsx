import { Elysia } from "elysia"
import { PlacePermissions, placeAddress } from "../../../views/overwrites.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { findUserByName } from "../accounts/store.ts"
import { withPreset } from "../channels/overwrites.ts"
import { findChannel } from "../channels/store.ts"
import { field, formState } from "../form-fields.ts"
import { findMember } from "../members/store.ts"
import { askFirst } from "../permission-checks/ask-first.tsx"
import { can } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import { listRoles } from "../roles/store.ts"
import type { Services } from "../services.ts"
import { savedPart, settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type Visit } from "../visit.ts"
import { requirePlace } from "./require-place.ts"
import { findSync, listNamedOverwrites } from "./store.ts"
import { chosenSides, triStatesOf } from "./tri-states.ts"

interface PlaceParams {
  serverId: string
  channelId?: string
  categoryId?: string
}
type OfPlace = Visit & { params: PlaceParams; body?: unknown }

/** The pages of the permissions of channels and categories. */
export function overwritesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/permissions", (visit) => show(services, visit))
    .post("/servers/:serverId/channels/:channelId/permissions", (visit) => save(services, visit))
    .post("/servers/:serverId/channels/:channelId/permissions/remove", (visit) => remove(services, visit))
    .post("/servers/:serverId/channels/:channelId/permissions/sync", async (visit) => {
      const { error } = await act(services, visit, "syncOverwrites", visit.params)
      return error ? show(services, visit, error) : backTo(visit, "?saved")
    })
    .post("/servers/:serverId/channels/:channelId/permissions/access", async (visit) => {
      const { channelId } = visit.params
      const [isPrivate, isReadOnly] = [field(visit.body, "isPrivate"), field(visit.body, "isReadOnly")]
      const asking = await askAboutPreset(services, visit, isPrivate === "on", isReadOnly === "on")
      if (asking) return asking

      const preset = { channelId, isPrivate: isPrivate === "on", isReadOnly: isReadOnly === "on" }
      const { error } = await act(services, visit, "setChannelAccess", preset)
      return error ? show(services, visit, error) : backTo(visit, "?saved")
    })
    .get("/servers/:serverId/categories/:categoryId/permissions", (visit) => show(services, visit))
    .post("/servers/:serverId/categories/:categoryId/permissions", (visit) => save(services, visit))
    .post("/servers/:serverId/categories/:categoryId/permissions/remove", (visit) => remove(services, visit))
}

async function save(services: Services, visit: OfPlace): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const place = await requirePlace(services.db, viewer, visit.params)
  const id = field(visit.body, "of")
  const before = (await listNamedOverwrites(services.db, place)).find((overwrite) => overwrite.id === id)
  const target = await findTarget(services, visit.params.serverId, id)
  const sides = { allow: BigInt(before?.allow ?? 0), deny: BigInt(before?.deny ?? 0) }
  const { allow, deny } = chosenSides(visit.body, sides)
  const asking = await askAbout(services, visit, id, { allow, deny })
  if (asking) return asking

  const { error } = await act(services, visit, "setOverwrite", {
    ...{ ...visit.params, id, type: target?.type ?? 0 },
    ...{ allow: String(allow), deny: String(deny) },
  })
  const saved = `?of=${encodeURIComponent(id)}&saved=permissions#permissions`
  return error ? show(services, visit, error) : backTo(visit, saved)
}

/** The page that asks before a change of a channel, or of a category with its synced channels. */
async function askAbout(services: Services, visit: OfPlace, targetId: string, sides: Sides) {
  const { channelId, categoryId = "" } = visit.params
  const change = { targetId, allow: String(sides.allow), deny: String(sides.deny) }
  return askFirst(services, visit, {
    change:
      channelId === undefined
        ? { kind: "categoryOverwrite", categoryId, ...change }
        : { kind: "overwrite", channelId, ...change },
    section: "channels",
    back: addressOf(visit.params),
  })
}

async function askAboutPreset(services: Services, visit: OfPlace, isPrivate: boolean, isReadOnly: boolean) {
  const viewer = await requireViewer(services, visit)
  const place = await requirePlace(services.db, viewer, visit.params)
  const { serverId } = visit.params
  const before = (await listNamedOverwrites(services.db, place)).find(({ id }) => id === serverId)
  const sides = { allow: BigInt(before?.allow ?? 0), deny: BigInt(before?.deny ?? 0) }
  return askAbout(services, visit, serverId, withPreset(sides, { isPrivate, isReadOnly }))
}

interface Sides {
  allow: bigint
  deny: bigint
}

async function remove(services: Services, visit: OfPlace): Promise<Response> {
  const asking = await askAbout(services, visit, field(visit.body, "of"), { allow: 0n, deny: 0n })
  if (asking) return asking

  const { error } = await act(services, visit, "deleteOverwrite", {
    ...{ ...visit.params, id: field(visit.body, "of") },
  })
  return error ? show(services, visit, error) : backTo(visit, "?saved")
}

function addressOf({ serverId, channelId, categoryId }: PlaceParams): string {
  const place = {
    kind: channelId === undefined ? "category" : "channel",
    id: channelId ?? categoryId ?? "",
  } as const
  return placeAddress({ id: serverId }, place)
}

function backTo({ request, params }: OfPlace, query: string): Response {
  return goTo(request, addressOf(params) + query)
}

async function show(services: Services, visit: OfPlace, error?: ProcedureError): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { db } = services
  const { params } = visit
  const { serverId } = params
  const place = await requirePlace(db, viewer, params)
  const access = await requireServer(services, viewer, serverId)
  const asked = new URL(visit.request.url).searchParams
  const username = asked.get("username")?.trim()
  const user = username ? await findUserByName(db, username) : undefined
  if (user && (await findMember(db, serverId, user.id)))
    return backTo(visit, `?of=${encodeURIComponent(user.id)}#permissions`)

  const [stored, roles] = [await listNamedOverwrites(db, place), await listRoles(db, serverId)]
  const id = field(visit.body, "of") || (asked.get("of") ?? serverId)
  const current = await findTarget(services, serverId, id)
  if (!current) throw new Refusal("There is no such role or member", 404)

  const overwrite = stored.find((one) => one.id === current.id)
  const sides = { allow: BigInt(overwrite?.allow ?? 0), deny: BigInt(overwrite?.deny ?? 0) }
  const targets = [
    ...roles.filter(({ id }) => id === serverId || id === current.id || stored.some((one) => one.id === id)),
    ...stored.filter(({ type }) => type === 1),
  ].map(({ id, name, ...rest }) => ({
    id,
    name: name ?? "?",
    type: "type" in rest ? rest.type : (0 as const),
  }))
  if (!targets.some((target) => target.id === current.id)) targets.push(current)
  const notFound = username
    ? { code: 404, message: "There is no member with this name", issues: undefined }
    : undefined
  const markup = (
    <PlacePermissions
      server={access.server}
      place={place}
      {...(await aboutChannel(services, place))}
      targets={targets}
      current={current}
      arePermissionsSaved={savedPart(visit.request) === "permissions"}
      isStored={overwrite !== undefined}
      groups={triStatesOf(sides, place.standing.permissions)}
      otherRoles={roles.filter(({ id }) => !targets.some((target) => target.id === id))}
      memberState={notFound ? formState(notFound, { username: username ?? "" }) : {}}
      error={error?.message}
    />
  )
  const title = `Permissions of ${place.kind === "channel" ? "#" : ""}${place.name}`
  return settingsPage(services, visit, {
    ...{ ...access, viewer, section: "channels", title, markup, error: error ?? notFound },
  })
}

async function aboutChannel({ db }: Services, place: Awaited<ReturnType<typeof requirePlace>>) {
  if (place.kind === "category") return {}

  const channel = can(place.standing, "manageChannels") ? await findChannel(db, place.id) : undefined
  const sync = await findSync(db, place.id)
  return {
    presets: channel && { isPrivate: channel.isPrivate, isReadOnly: channel.isReadOnly },
    sync: sync?.categoryName ? { categoryName: sync.categoryName, isSynced: sync.isSynced } : undefined,
  }
}

/** A role or member of the server. */
async function findTarget({ db }: Services, serverId: string, id: string) {
  const role = (await listRoles(db, serverId)).find((one) => one.id === id)
  if (role) return { id, type: 0 as const, name: role.name }

  const member = await findMember(db, serverId, id)
  return member && { id, type: 1 as const, name: member.username }
}
