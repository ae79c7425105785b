import { type ProcedureError, procedureErrorOf, Refusal } from "../../kernel/index.ts"
import { clientIp } from "../../web/call.ts"
import type { Call } from "../accounts/begin-session.ts"
import { requireSignedIn } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { callOf, type Visit } from "../visit.ts"

// Signing in at a provider is no procedure: it happens in a browser that goes there and comes back. Its steps refuse as
// procedures do, and pages show that.

/** What a step needs of a visit; `headers` are for the response. */
export type StepCall = Call & { headers: Headers; origin: string }

/** A visit as what signs people in takes it. */
export async function stepCall(services: Services, visit: Visit): Promise<StepCall> {
  const { request } = visit
  const viewer = await services.sessions.find(request.headers)
  const headers = new Headers()
  const requireAuth = () => requireSignedIn(viewer)
  return {
    ctx: { viewer, address: clientIp(callOf(services, visit)) },
    derived: Object.assign(Object.create(services) as Services, { requireAuth }),
    request,
    setHeader: (name, value) => headers.append(name, value),
    headers,
    origin: originOf(services, request),
  }
}

/** The origin of this chat, as people and providers know it. */
export function originOf({ config }: Pick<Services, "config">, { url }: { url: string }): string {
  const { publicOrigin, port } = config
  // A call within the process has no address.
  return publicOrigin ?? (URL.canParse(url) ? new URL(url).origin : `http://localhost:${port}`)
}

/** The result of a step, or its refusal for the page to show. */
export async function attempt<T>(
  step: Promise<T>,
): Promise<{ data: T; error?: undefined } | { data?: undefined; error: ProcedureError }> {
  try {
    return { data: await step }
  } catch (error) {
    if (error instanceof Refusal) return { error: procedureErrorOf(error) }
    throw error
  }
}
