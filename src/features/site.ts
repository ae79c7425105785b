import type { covenant } from "../covenant.ts"
import type {
  CallRequest,
  CovenantServer,
  InputOf,
  InternalSidekick,
  OutputOf,
  ProcedureError,
  ProcedureResult,
  Refusal,
} from "../kernel/index.ts"
import type { Log } from "../log.ts"
import { toCall } from "../web/call.ts"
import type { Clock } from "../web/clock.ts"
import type { Clocks } from "../web/clocks.ts"
import type { KeptPages } from "../web/kept-pages.ts"
import type { Viewer } from "./accounts/sessions.ts"
import type { Context, Derived } from "./derived.ts"
import type { RoomFeeds } from "./messages/feeds.ts"
import type { Articles } from "./messages/fragments.ts"
import type { ReadingFeeds } from "./reading/feeds.ts"
import type { KeptRooms } from "./rooms/kept.tsx"
import { clockIn } from "./settings/contract.ts"

type Procedures = (typeof covenant)["procedures"]

/** What the pages are made with: the contract's server, and the reads that a page may do by itself. */
export interface Site
  extends Pick<
    Derived,
    | "db"
    | "config"
    | "metrics"
    | "sessions"
    | "presence"
    | "messageLimit"
    | "webhookLimit"
    | "commits"
    | "parts"
    | "announce"
    | "storage"
    | "uploads"
    | "avatars"
  > {
  server: CovenantServer<Procedures, (typeof covenant)["channels"], Context, Derived>
  sidekick: InternalSidekick
  articles: Articles
  pages: KeptPages
  rooms: KeptRooms
  clocks: Clocks
  feeds: RoomFeeds
  reading: ReadingFeeds
  log: Log
  /** Writes an unexpected error down; returns what people are told of it. */
  report(error: unknown, where: string, request?: Request): Refusal
}

/** What a route knows of its request. */
export interface Visit {
  request: Request
  server: Bun.Server<unknown> | null
}

/** Runs a procedure for a page; `headers` are those its handler wants on the answer. */
export async function act<Name extends keyof Procedures & string>(
  site: Site,
  visit: Visit,
  name: Name,
  inputs: InputOf<Procedures[Name]>,
): Promise<ProcedureResult<OutputOf<Procedures[Name]>> & { headers: Headers }> {
  const headers = new Headers()
  const result = await site.server.call(name, inputs, callOf(site, visit), headers)
  return { ...result, headers }
}

/** A visit as the contract sees it. */
export function callOf({ config }: Site, { request, server }: Visit): CallRequest {
  return toCall(request, { server, trustProxy: config.trustProxy })
}

/** Who is looking at a page, and by which clock its times are for them. */
export interface Reader extends Viewer {
  clock: Clock
}

/** Who is looking at the page. */
export async function viewerOf(site: Site, { request }: Visit): Promise<Reader | null> {
  const viewer = await site.sessions.find(request.headers)
  return viewer && readerOf(site, viewer, request)
}

/** Who that is, as far as it is known without asking the database: for a page about what went wrong. */
export function knownReader(site: Site, request: Request): Reader | undefined {
  const viewer = site.sessions.known(request.headers)
  return viewer && readerOf(site, viewer, request)
}

function readerOf({ clocks }: Site, viewer: Viewer, request: Request): Reader {
  return { ...viewer, clock: clocks.of(request, clockIn(viewer.settings)) }
}

/** Thrown by a page that cannot be shown; the app answers with the page for that status. */
export class Unshown extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message)
  }
}

/** The viewer of a page that is only for people who are signed in. */
export async function requireViewer(site: Site, visit: Visit): Promise<Reader> {
  const viewer = await viewerOf(site, visit)
  if (!viewer) throw new Unshown(401, "Sign in first")

  return viewer
}

/** The data of a result, or the page for its failure. */
export function shown<T>(result: ProcedureResult<T>): T {
  if (result.success) return result.data

  throw unshown(result.error)
}

export function unshown({ code, message, retryAfterSeconds }: ProcedureError): Unshown {
  return new Unshown(code, message, retryAfterSeconds)
}
