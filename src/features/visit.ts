import type { covenant } from "../covenant.ts"
import type { Db } from "../db/database.ts"
import {
  type CallRequest,
  type InputOf,
  type OutputOf,
  type ProcedureError,
  type ProcedureResult,
  procedureErrorOf,
  Refusal,
} from "../kernel/index.ts"
import { toCallRequest } from "../web/call.ts"
import type { Clock } from "../web/clock.ts"
import type { Viewer } from "./accounts/sessions.ts"
import { findPasswordHash } from "./accounts/store.ts"
import { ConfirmationNeeded, type ConfirmationWays } from "./confirmation-needed.ts"
import { listConnected } from "./identity-providers/store.ts"
import { requireSignedIn } from "./permissions/require.ts"
import { findFactors } from "./second-factor/store.ts"
import type { Services } from "./services.ts"
import { confirmationPath, requireRecentConfirmation } from "./sessions/confirmation.ts"
import { clockIn } from "./settings/contract.ts"

type Procedures = (typeof covenant)["procedures"]

/** The request of a page. */
export interface Visit {
  request: Request
  server: Bun.Server<unknown> | null
}

/** A visit to a route below `/messages/:messageId`. */
export type OfMessage = Visit & { params: { messageId: string } }

/** Runs a procedure for a page; `headers` are the response headers its handler set. */
export async function act<Name extends keyof Procedures & string>(
  services: Services,
  visit: Visit,
  name: Name,
  inputs: InputOf<Procedures[Name]>,
): Promise<ProcedureResult<OutputOf<Procedures[Name]>> & { headers: Headers }> {
  const headers = new Headers()
  const result = await services.server.call(name, inputs, callOf(services, visit), headers)
  if (result.error?.issues?.some(({ path }) => path === confirmationPath))
    throw await confirmationNeeded(services, visit, result.error)
  return { ...result, headers }
}

/** The viewer of a form that is dangerous in an open browser, and calls no procedure. Fails: 401, 403 (confirm first). */
export async function requireConfirmedViewer(services: Services, visit: Visit): Promise<SignedInViewer> {
  const viewer = await requireViewer(services, visit)
  try {
    await requireRecentConfirmation(services, viewer)
    return viewer
  } catch (error) {
    throw error instanceof Refusal
      ? await confirmationNeeded(services, visit, procedureErrorOf(error))
      : error
  }
}

/** Fields that no page may contain: they are typed again. */
const secretFields = new Set(["password", "currentPassword", "newPassword", "code", "clientSecret"])

/** The sender of a form must confirm their identity first; its fields are kept, except secrets. */
async function confirmationNeeded(
  services: Services,
  visit: Visit & { body?: unknown },
  { message }: ProcedureError,
): Promise<ConfirmationNeeded> {
  const { id } = await requireViewer(services, visit)
  const { pathname, search } = new URL(visit.request.url)
  const sent = Object.entries(visit.body && typeof visit.body === "object" ? visit.body : {})
  const fields = sent.flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (typeof one === "string" ? [[name, one] as [string, string]] : [])),
  )
  const ways = await findConfirmationWays(services.db, id)
  const kept = fields.filter(([name]) => !secretFields.has(name))
  return new ConfirmationNeeded(message, { action: pathname + search, fields: kept }, ways)
}

/** By what a user can confirm who they are. */
export async function findConfirmationWays(db: Db, userId: string): Promise<ConfirmationWays> {
  const hash = await findPasswordHash(db, userId)
  const { hasApp, hasPasskey } = await findFactors(db, userId)
  // A passkey comes with backup codes, which are codes, too.
  const code = hasApp || hasPasskey
  return {
    password: hash !== undefined,
    code,
    passkey: hasPasskey,
    providers: await listConnected(db, userId),
  }
}

/** Converts a visit to a call of the contract. */
export function callOf({ config }: Services, { request, server }: Visit): CallRequest {
  return toCallRequest(request, { server, trustProxy: config.trustProxy })
}

/** The viewer of a page, with what their pages differ by. */
export interface SignedInViewer extends Viewer {
  clock: Clock
  stylesUrl: string
}

/** The viewer of a page; `null` for a stranger. */
export async function viewerOf(services: Services, { request }: Visit): Promise<SignedInViewer | null> {
  const viewer = await services.sessions.find(request.headers)
  return viewer && (await pageViewerOf(services, viewer, request))
}

/** The viewer as far as a cache knows them: for the page of an error, which must not cost a query. */
export async function knownViewer(services: Services, request: Request): Promise<SignedInViewer | undefined> {
  const viewer = services.sessions.known(request.headers)
  return viewer && (await pageViewerOf(services, viewer, request))
}

async function pageViewerOf(
  { clocks, viewerStyles }: Services,
  viewer: Viewer,
  request: Request,
): Promise<SignedInViewer> {
  const clock = await clocks.of(request, clockIn(viewer.settings))
  return { ...viewer, clock, stylesUrl: viewerStyles.urlFor(viewer.id) }
}

/** The viewer of a page that requires a session. Fails: 401. */
export async function requireViewer(services: Services, visit: Visit): Promise<SignedInViewer> {
  return requireSignedIn(await viewerOf(services, visit))
}

/** Returns the data of a result; throws a `Refusal` for a failure. */
export function orThrow<T>(result: ProcedureResult<T>): T {
  if (result.success) return result.data

  throw refusalOf(result.error)
}

/** Converts the failure of a procedure to a refusal, to throw from a route. */
export function refusalOf({ code, message, retryAfterSeconds, issues }: ProcedureError): Refusal {
  return new Refusal(message, code, { retryAfterSeconds, issues })
}
