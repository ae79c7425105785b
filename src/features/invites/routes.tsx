import { Elysia } from "elysia"
import { HomePage } from "../../../views/home.tsx"
import { InviteGonePage, InvitePage, InvitesPanel } from "../../../views/invites.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { field, formState } from "../form-fields.ts"
import { can } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import { findPlaces } from "../rooms/store.ts"
import { sendImage } from "../servers/images.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, refusalOf, requireViewer, type Visit, viewerOf } from "../visit.ts"
import type { Invite } from "./contract.ts"
import { findInvite, findInvitedIconKey, listInvites } from "./store.ts"

/** The code in the URL is a secret, so logs redact it. */
const bySecret = route({ redact: ["code"] })

/** The panel of a server's invites, and joining by an invite. */
export function invitesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/invites", (visit) => invitesPanel(visit, visit.params.serverId))
    .get("/servers/:serverId/settings/invites", (visit) => invitesPanel(visit, visit.params.serverId))
    .post("/servers/:serverId/invites", async (visit) => {
      const { serverId } = visit.params
      const values = {
        expiresInSeconds: field(visit.body, "expiresInSeconds"),
        maxUses: field(visit.body, "maxUses"),
      }
      const { error } = await act(services, visit, "createInvite", {
        serverId,
        expiresInSeconds: toNumber(values.expiresInSeconds),
        maxUses: toNumber(values.maxUses),
      })
      return invitesPanel(visit, serverId, error ?? undefined, values)
    })
    .post("/invites", (visit) => openPasted(services, visit))
    .get(
      "/invites/:code",
      async (visit) => {
        const viewer = await viewerOf(services, visit)
        const { success, data } = await act(services, visit, "getInvite", { code: visit.params.code })
        if (!success)
          return html(visit.request, String(<InviteGonePage viewer={viewer ?? undefined} />), { status: 404 })

        const origin = services.config.publicOrigin ?? new URL(visit.request.url).origin
        const page = <InvitePage viewer={viewer ?? undefined} preview={data} origin={origin} />
        return html(visit.request, String(page))
      },
      bySecret,
    )
    .get(
      "/invites/:code/icon",
      async ({ request, params }) => {
        const key = await findInvitedIconKey(services.db, params.code, new Date())
        if (!key) throw new Refusal("There is no such icon", 404)

        return sendImage(services, request, { image: "icon", key })
      },
      bySecret,
    )
    .post(
      "/invites/:code",
      async (visit) => {
        const viewer = await viewerOf(services, visit)
        const { code } = visit.params
        if (!viewer) return goTo(visit.request, `/login?next=/invites/${encodeURIComponent(code)}`)

        const { success, data, error } = await act(services, visit, "joinServer", { code })
        if (success) return goTo(visit.request, await firstPage(services, visit, data.id))
        if (error.code !== 404) throw refusalOf(error)

        return html(visit.request, String(<InviteGonePage viewer={viewer} />), { status: 404 })
      },
      bySecret,
    )
    .post(
      "/invites/:code/revoke",
      async (visit) => {
        await requireViewer(services, visit)
        const { code } = visit.params
        const invite = await findInvite(services.db, code)
        orThrow(await act(services, visit, "revokeInvite", { code }))

        return invitesPanel(visit, invite?.serverId ?? "")
      },
      bySecret,
    )

  async function invitesPanel(
    visit: Visit,
    serverId: string,
    error?: ProcedureError,
    values: Record<string, string> = {},
  ): Promise<Response> {
    const viewer = await requireViewer(services, visit)
    const access = await requireServer(services, viewer, serverId, "invite")
    const { server, standing } = access
    const listed = await listInvites(services.db, serverId, new Date())
    const markup = (
      <InvitesPanel
        server={server}
        ready={listed.find((invite) => invite.createdBy === viewer.id && isReady(invite))}
        invites={listed.map((invite) => {
          const isAuthor = invite.createdBy === viewer.id
          return { ...invite, mayRevoke: can({ ...standing, isAuthor }, "revokeInvite") }
        })}
        origin={services.config.publicOrigin ?? new URL(visit.request.url).origin}
        clock={viewer.clock}
        state={error ? formState(error, values) : {}}
      />
    )
    return settingsPage(services, visit, {
      ...access,
      ...{ viewer, section: "invites", title: "Invite people", markup, error },
    })
  }
}

/** From the code or link that someone pasted to what it leads to. */
async function openPasted(services: Services, visit: Visit & { body?: unknown }): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const invite = field(visit.body, "invite").trim()
  const [, code = ""] = invite.match(/(?:^|\/invites\/)([\w-]{1,64})\/?$/) ?? []
  const { success } = await act(services, visit, "getInvite", { code })
  if (success) return goTo(visit.request, `/invites/${code}`)

  const error = code === "" ? notAnInvite : "This invite is invalid. Ask its sender for a new one"
  const joining = { values: { invite }, errors: { invite: error } }
  const places = await findPlaces(services.db, viewer.id)
  const page = <HomePage viewer={viewer} {...places} joining={joining} />
  return html(visit.request, String(page), { status: code === "" ? 400 : 404 })
}

const notAnInvite = "Paste the whole link of an invite, or the code at its end"

/** Can it be shared with anyone for a while? */
function isReady({ expiresAt, maxUses }: Invite): boolean {
  return maxUses === null && (expiresAt === null || expiresAt.getTime() - Date.now() > minReadyMs)
}

const minReadyMs = 86_400_000

/** Where a new member goes first: to the rules and questions of the server, where it has some. */
async function firstPage(services: Services, visit: Visit, serverId: string): Promise<string> {
  const { data } = await act(services, visit, "getJoining", { serverId })
  const isAsked = data && ((data.rules !== "" && !data.acceptedRulesAt) || data.questions.length > 0)
  if (isAsked) return `/servers/${serverId}/joining`

  const [first] = data?.channels ?? []
  return `/servers/${serverId}${first ? `/channels/${first.id}` : ""}`
}

/** An empty field means no limit. The contract refuses `NaN`. */
function toNumber(text: string): number | null {
  return text.trim() === "" ? null : Number(text)
}
