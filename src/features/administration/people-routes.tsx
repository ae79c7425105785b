import { Elysia } from "elysia"
import { Approvals, People } from "../../../views/administered-people.tsx"
import { PersonDetails } from "../../../views/administered-person.tsx"
import { type ProcedureError, type ProcedureResult, Refusal } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { linkPath } from "../instance/one-time-links.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, type Visit } from "../visit.ts"
import type { peopleFilters } from "./contract.ts"
import { listActsOn } from "./instance-log.ts"
import { addressWith, adminPage, asked, requireAdminViewer, urlOf } from "./page.tsx"
import { sumKinds } from "./reports.ts"

type OfPerson = Visit & { params: { userId: string; act: string }; body: unknown }

/** What a form does to a person, by the last part of its address, with what is said when it is done. */
const acts = {
  approve: { procedure: "approvePerson", done: "Approved." },
  refuse: { procedure: "refusePerson", done: "Refused." },
  unsuspend: { procedure: "unsuspendPerson", done: "Suspension ended." },
  sessions: { procedure: "endPersonSessions", done: "All devices are logged out." },
  "remove-factor": { procedure: "removeSecondFactor", done: "The second factor is removed." },
} as const

const doneBy: Record<string, string> = {
  ...Object.fromEntries(Object.entries(acts).map(([name, { done }]) => [name, done])),
  suspend: "Suspended.",
  spam: "Suspended. All messages are being deleted.",
  administrator: "This person is an administrator now.",
  "no-administrator": "This person is no longer an administrator.",
}

/** People: the list, one of them, and those who wait. */
export function peopleRoutes(services: Services) {
  return new Elysia()
    .get("/admin/people", async (visit) => {
      const viewer = await requireAdminViewer(services, visit)
      const [search, filter] = [asked(visit, "search"), asked(visit, "filter") || "all"]
      const after = asked(visit, "after") || undefined
      const input = { search, filter: filter as (typeof peopleFilters)[number], after }
      const { people, next } = orThrow(await act(services, visit, "getAllPeople", input))
      const address = addressWith(visit, { after: next })
      const markup = (
        <People people={people} search={search} filter={filter} next={address} clock={viewer.clock} />
      )
      return adminPage(services, visit, viewer, { section: "people", markup })
    })
    .get("/admin/people/:userId", (visit) => person(services, visit, visit.params.userId))
    .post("/admin/people/:userId/:act", (visit) => change(services, visit))
    .get("/admin/approvals", async (visit) => {
      const viewer = await requireAdminViewer(services, visit)
      const { people } = orThrow(await act(services, visit, "getAllPeople", { filter: "waiting" }))
      const markup = <Approvals people={people} clock={viewer.clock} />
      return adminPage(services, visit, viewer, { section: "approvals", markup })
    })
}

async function change(services: Services, visit: OfPerson): Promise<Response> {
  await requireAdminViewer(services, visit)
  const { userId, act: name } = visit.params
  if (name === "reset-link") {
    const link = await act(services, visit, "createResetLink", { userId, reason: reasonOf(visit) })
    if (!link.success) return failed(services, visit, link.error)
    return person(services, visit, userId, {
      resetUrl: urlOf(services, visit, linkPath("password", link.data.token)),
    })
  }
  const { success, error } = await run(services, visit)
  if (!success) return failed(services, visit, error)
  if (name === "approve" || name === "refuse") return goTo(visit.request, "/admin/approvals")
  if (name === "delete") return goTo(visit.request, "/admin/people")

  return goTo(visit.request, `/admin/people/${userId}?done=${name}`)
}

async function run(services: Services, visit: OfPerson): Promise<ProcedureResult<unknown>> {
  const { userId, act: name } = visit.params
  const input = { userId, reason: reasonOf(visit) }
  if (name in acts) {
    const { procedure } = acts[name as keyof typeof acts]
    return act(services, visit, procedure, input)
  }
  switch (name) {
    case "suspend": {
      const hours = field(visit.body, "hours")
      return act(services, visit, "suspendPerson", { ...input, hours: hours ? Number(hours) : undefined })
    }
    case "spam":
      return act(services, visit, "suspendPerson", { ...input, deletesMessages: true })
    case "administrator":
    case "no-administrator":
      return act(services, visit, "setAdministrator", {
        ...input,
        isAdministrator: name === "administrator",
      })
    case "delete": {
      const { username } = orThrow(await act(services, visit, "getPerson", { userId }))
      const isConfirmed = field(visit.body, "confirmation").trim().toLowerCase() === username
      if (!isConfirmed) return refused(`Type ${username} to delete this account`)
      return act(services, visit, "deletePerson", input)
    }
    default:
      throw new Refusal("There is nothing at this address", 404)
  }
}

function failed(services: Services, visit: OfPerson, error: ProcedureError): Promise<Response> {
  if (error.code === 404) throw refusalOf(error)
  return person(services, visit, visit.params.userId, { error })
}

async function person(
  services: Services,
  visit: Visit,
  userId: string,
  { error, resetUrl }: { error?: ProcedureError; resetUrl?: string } = {},
): Promise<Response> {
  const viewer = await requireAdminViewer(services, visit)
  const found = orThrow(await act(services, visit, "getPerson", { userId }))
  const markup = (
    <PersonDetails
      person={found}
      acts={await listActsOn(services.db, userId)}
      kinds={await sumKinds(services.db, userId)}
      sessions={orThrow(await act(services, visit, "getPersonSessions", { userId }))}
      clock={viewer.clock}
      resetUrl={resetUrl}
      done={doneBy[asked(visit, "done")]}
      state={error ? formState(error, {}) : {}}
    />
  )
  return adminPage(services, visit, viewer, { section: "people", title: found.username, markup, error })
}

const reasonOf = ({ body }: { body: unknown }) => field(body, "reason") || undefined

function refused(message: string): ProcedureResult<unknown> {
  return { success: false, data: null, error: { code: 400, message }, resources: null } as never
}
