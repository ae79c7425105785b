import { Elysia } from "elysia"
import { ProviderPage, ProvidersPage } from "../../../views/administered-providers.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { adminPage, asked, requireAdminViewer, urlOf } from "../administration/page.tsx"
import { field, formState } from "../form-fields.ts"
import { listGrantableRoles, listNamedRoles } from "../permissions/mapped-roles.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, type Visit } from "../visit.ts"
import { callbackPath } from "./begin-sign-in.ts"
import type { IdentityProvider, ProviderCheck } from "./contract.ts"
import { noSuchProvider } from "./managing.ts"
import { linesOf, newProviderValues, settingsIn, typedIn, valuesOf } from "./provider-form.ts"
import { findSignInWays } from "./store.ts"

const base = "/admin/sign-in"

/** The providers, and whether people log in with a password. */
export function providerRoutes(services: Services) {
  return new Elysia()
    .get(base, (visit) => listPage(services, visit))
    .get(`${base}/new`, (visit) => providerPage(services, visit, newId(), {}))
    .post(base, async (visit) => {
      await requireAdminViewer(services, visit)
      const typed = typedIn(visit.body)
      const id = field(visit.body, "id")
      const settings = settingsIn(typed, visit.body)
      const { success, error } = await act(services, visit, "createIdentityProvider", { id, ...settings })
      // Whether it works is the next question.
      return success ? check(services, visit, id) : providerPage(services, visit, id, { typed, error })
    })
    .post(`${base}/passwords`, async (visit) => {
      const isAllowed = field(visit.body, "isAllowed") === "yes"
      const { success, error } = await act(services, visit, "setPasswordSignIn", { isAllowed })
      return success ? goTo(visit.request, base) : listPage(services, visit, error)
    })
    .get(`${base}/:providerId`, (visit) => providerPage(services, visit, visit.params.providerId, {}))
    .post(`${base}/:providerId`, async (visit) => {
      await requireAdminViewer(services, visit)
      const id = visit.params.providerId
      const typed = typedIn(visit.body)
      const settings = settingsIn(typed, visit.body)
      const { success, error } = await act(services, visit, "updateIdentityProvider", { id, ...settings })
      if (error?.code === 404) throw refusalOf(error)
      return success
        ? goTo(visit.request, `${base}/${id}?saved=yes`)
        : providerPage(services, visit, id, { typed, error })
    })
    .post(`${base}/:providerId/check`, (visit) => check(services, visit, visit.params.providerId))
    .post(`${base}/:providerId/delete`, async (visit) => {
      const id = visit.params.providerId
      const { success, error } = await act(services, visit, "deleteIdentityProvider", { id })
      if (success) return goTo(visit.request, base)
      if (error.code !== 400) throw refusalOf(error)
      return providerPage(services, visit, id, { error })
    })
}

/** Part of the address that is entered at the provider before the provider is stored here. */
const newId = () => crypto.randomUUID().slice(0, 8)

async function listPage(services: Services, visit: Visit, error?: ProcedureError): Promise<Response> {
  const viewer = await requireAdminViewer(services, visit)
  const providers = orThrow(await act(services, visit, "listIdentityProviders", null))
  const { passwords } = await findSignInWays(services.db)
  const state = error ? formState(error, {}) : {}
  const markup = <ProvidersPage providers={providers} allowsPasswords={passwords} state={state} />
  return adminPage(services, visit, viewer, { section: "sign-in", markup, error })
}

async function check(services: Services, visit: Visit, id: string): Promise<Response> {
  const { data, error } = await act(services, visit, "checkIdentityProvider", { id })
  if (error && error.code !== 429) throw refusalOf(error)
  return providerPage(services, visit, id, { checks: data?.checks, error: error ?? undefined })
}

interface Shown {
  checks?: ProviderCheck[]
  typed?: Record<string, string>
  error?: ProcedureError
}

/** One provider, or a new one. */
async function providerPage(services: Services, visit: Visit, id: string, shown: Shown): Promise<Response> {
  const viewer = await requireAdminViewer(services, visit)
  const { checks, typed, error } = shown
  const all = orThrow(await act(services, visit, "listIdentityProviders", null))
  const provider = all.find((each) => each.id === id)
  const isNew = !visit.request.url.includes(`${base}/${id}`)
  if (!provider && !isNew) throw refusalOf({ code: 404, message: noSuchProvider })

  const values = typed ?? (provider ? valuesOf(provider) : newProviderValues)
  const markup = (
    <ProviderPage
      id={id}
      provider={provider}
      redirectAddress={urlOf(services, visit, callbackPath(id))}
      isAddressSure={services.config.publicOrigin !== undefined}
      roles={await rolesFor(services, viewer.id, provider)}
      lines={linesOf(values)}
      checks={checks}
      isSaved={asked(visit, "saved") === "yes"}
      state={error ? formState(error, values) : { values }}
    />
  )
  const title = provider?.name ?? "A new provider"
  return adminPage(services, visit, viewer, { section: "sign-in", title, markup, error })
}

/** The roles that may be chosen, and those that are. */
async function rolesFor({ db }: Services, userId: string, provider: IdentityProvider | undefined) {
  const mayGive = await listGrantableRoles(db, userId)
  const known = new Set(mayGive.map(({ roleId }) => roleId))
  const others = (provider?.groupRoles ?? []).flatMap(({ roleId }) =>
    roleId !== undefined && !known.has(roleId) ? [roleId] : [],
  )
  return others.length > 0 ? [...mayGive, ...(await listNamedRoles(db, others))] : mayGive
}
