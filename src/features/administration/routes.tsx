import { Elysia } from "elysia"
import { AdministeredServers, Invitations } from "../../../views/administered-servers.tsx"
import { Configuration, InstanceSettings, Overview, Storage } from "../../../views/administration.tsx"
import { LogSection } from "../../../views/instance-log.tsx"
import { SecondFactorRule } from "../../../views/second-factor.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import type { Instance } from "../instance/contract.ts"
import { findSignUpAnswer } from "../instance/store.ts"
import { findServer } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, type Visit } from "../visit.ts"
import { addressWith, adminPage, asked, requireAdminViewer, urlOf } from "./page.tsx"

/** What the log can be restricted to. */
const logFields = ["actor", "action", "from", "to"]

/** How the chat is, and what administrators did. */
export function administrationRoutes(services: Services) {
  return new Elysia()
    .get("/admin", async (visit) => {
      const viewer = await requireAdminViewer(services, visit)
      const operations = orThrow(await act(services, visit, "getOperations", null))
      const { people } = orThrow(await act(services, visit, "getAllPeople", { filter: "waiting" }))
      const database = "url" in services.config.database ? "Postgres" : "SQLite"
      const trouble = services.commits.failure?.cause ?? null
      const markup = (
        <Overview
          operations={operations}
          database={database}
          trouble={trouble}
          waiting={people.length}
          clock={viewer.clock}
        />
      )
      return adminPage(services, visit, viewer, { section: "", markup })
    })
    .get("/admin/storage", async (visit) => {
      const viewer = await requireAdminViewer(services, visit)
      const { kinds, people } = orThrow(await act(services, visit, "getStorage", null))
      return adminPage(services, visit, viewer, {
        section: "storage",
        markup: <Storage kinds={kinds} people={people} />,
      })
    })
    .get("/admin/configuration", async (visit) => {
      const viewer = await requireAdminViewer(services, visit)
      const lines = orThrow(await act(services, visit, "getConfiguration", {}))
      const markup = <Configuration lines={lines} />
      return adminPage(services, visit, viewer, { section: "configuration", markup })
    })
    .get("/admin/log", async (visit) => {
      const viewer = await requireAdminViewer(services, visit)
      const values = Object.fromEntries(logFields.map((name) => [name, asked(visit, name).trim()]))
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""))
      const before = asked(visit, "before") || undefined
      const { data, error } = await act(services, visit, "getInstanceLog", { ...given, before })
      const markup = (
        <LogSection
          entries={data?.entries ?? []}
          older={addressWith(visit, { before: data?.next ?? null })}
          clock={viewer.clock}
          filter={error ? formState(error, values) : { values }}
        />
      )
      return adminPage(services, visit, viewer, { section: "log", markup, error: error ?? undefined })
    })
}

/** Servers and what can be done about them. */
export function administeredServersRoutes(services: Services) {
  return new Elysia()
    .get("/admin/servers", (visit) => serversPage(visit))
    .post("/admin/servers/:serverId/hand-over", async (visit) => {
      const { serverId } = visit.params
      const [username, reason] = [field(visit.body, "username"), field(visit.body, "reason") || undefined]
      const { success, error } = await act(services, visit, "handOverServer", { serverId, username, reason })
      if (success) return goTo(visit.request, "/admin/servers?done=hand-over")
      if (error.code !== 400) throw refusalOf(error)
      return serversPage(visit, { serverId, error })
    })
    .post("/admin/servers/:serverId/delete", async (visit) => {
      await requireAdminViewer(services, visit)
      const { serverId } = visit.params
      const server = await findServer(services.db, serverId)
      if (server && field(visit.body, "confirmation").trim() !== server.name) {
        const error = { code: 400, message: `Type ${server.name} to delete this server` } as ProcedureError
        return serversPage(visit, { serverId, error })
      }
      const reason = field(visit.body, "reason") || undefined
      orThrow(await act(services, visit, "removeServer", { serverId, reason }))
      return goTo(visit.request, "/admin/servers?done=delete")
    })

  async function serversPage(
    visit: Visit,
    failure?: { serverId: string; error: ProcedureError },
  ): Promise<Response> {
    const viewer = await requireAdminViewer(services, visit)
    const search = asked(visit, "search")
    const after = asked(visit, "after") || undefined
    const { servers, next } = orThrow(await act(services, visit, "getAllServers", { search, after }))
    const done = { "hand-over": "The server has a new owner.", delete: "The server is deleted." }
    const state = failure && formState(failure.error, {})
    const markup = (
      <AdministeredServers
        servers={servers}
        search={search}
        next={addressWith(visit, { after: next })}
        failed={failure && state && { serverId: failure.serverId, state }}
        done={done[asked(visit, "done") as keyof typeof done]}
      />
    )
    return adminPage(services, visit, viewer, { section: "servers", markup, error: failure?.error })
  }
}

/** Invitations to the instance. */
export function invitationRoutes(services: Services) {
  return new Elysia()
    .get("/admin/invitations", (visit) => invitationsPage(visit))
    .post("/admin/invitations", async (visit) => {
      const values = {
        note: field(visit.body, "note"),
        maxUses: field(visit.body, "maxUses"),
        days: field(visit.body, "days"),
      }
      const { data, error } = await act(services, visit, "createInvitation", {
        note: values.note,
        maxUses: numberOf(values.maxUses),
        days: numberOf(values.days),
      })
      const url = data ? urlOf(services, visit, `/join/${data.code}`) : undefined
      return invitationsPage(visit, { url, error: error ?? undefined, values })
    })
    .post("/admin/invitations/:invitationId/revoke", async (visit) => {
      orThrow(await act(services, visit, "revokeInvitation", { id: visit.params.invitationId }))
      return goTo(visit.request, "/admin/invitations")
    })

  async function invitationsPage(visit: Visit, made: MadeInvitation = {}): Promise<Response> {
    const { url, error, values } = made
    const viewer = await requireAdminViewer(services, visit)
    const invitations = orThrow(await act(services, visit, "getInvitations", null))
    const markup = (
      <Invitations
        invitations={invitations}
        url={url}
        now={new Date()}
        clock={viewer.clock}
        state={error ? formState(error, values ?? {}) : {}}
      />
    )
    return adminPage(services, visit, viewer, { section: "invitations", markup, error })
  }
}

/** The settings of the instance. */
export function instanceSettingsRoutes(services: Services) {
  return new Elysia()
    .get("/admin/settings", (visit) => settingsPage(visit))
    .post("/admin/settings", async (visit) => {
      const names = ["registration", "serverCreation", "signUpQuestion", "signUpAnswer"] as const
      const values = Object.fromEntries(names.map((name) => [name, field(visit.body, name)]))
      const signUpWork = field(visit.body, "signUpWork") === "yes"
      const inputs = { ...values, signUpWork } as unknown as Instance
      const { success, error } = await act(services, visit, "updateInstance", inputs)
      const typed = { ...values, signUpWork: signUpWork ? "yes" : "" }
      return success ? goTo(visit.request, "/admin/settings?saved=yes") : settingsPage(visit, error, typed)
    })

  async function settingsPage(
    visit: Visit,
    error?: ProcedureError,
    typed?: Record<string, string>,
  ): Promise<Response> {
    const viewer = await requireAdminViewer(services, visit)
    const stored = orThrow(await act(services, visit, "getInstance", null))
    const { registration, serverCreation, signUpQuestion } = stored
    const signUpWork = stored.signUpWork ? "yes" : ""
    const signUpAnswer = await findSignUpAnswer(services.db)
    const values = { registration, serverCreation, signUpQuestion, signUpAnswer, signUpWork, ...typed }
    const state = error ? formState(error, values) : { values }
    const { needsSecondFactor } = orThrow(await act(services, visit, "getSecondFactorRule", null))
    const markup = (
      <>
        <InstanceSettings state={state} isSaved={asked(visit, "saved") === "yes"} />
        <SecondFactorRule needsSecondFactor={needsSecondFactor} />
      </>
    )
    return adminPage(services, visit, viewer, { section: "settings", markup, error })
  }
}

interface MadeInvitation {
  url?: string
  error?: ProcedureError
  values?: Record<string, string>
}

/** An empty field means no limit. The contract refuses `NaN`. */
function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text)
}
