import { Cache, untilDeleted } from "../../cache/cache.ts"
import type { Settings } from "../settings/contract.ts"
import type { Auth } from "./auth.ts"
import { botTokenIn, credentialOf, onlyCredential } from "./credentials.ts"
import type { OpenSession } from "./open-session.ts"

/** User data cached with the session. Each change of it must call `Sessions.forget`. */
export interface Personal {
  /** The name that they chose; `undefined` for none. */
  displayName?: string
  /** The path of their picture; `undefined` without one. */
  avatarUrl?: string
  /** What they let others see of their presence; `undefined` for online. */
  presence?: "idle" | "doNotDisturb" | "invisible"
  /** The version of the list of blocked users; `undefined` when it is empty. */
  blocks?: string
  /** `undefined` for the defaults. */
  settings?: Settings
  /** When the account will be deleted; `undefined`: it stays. */
  deletionAt?: Date
  /** The id of the last announcement that they have dismissed. */
  dismissedAnnouncement?: string
  /** Only administrators create servers, and they are none. */
  mayNotCreateServers?: boolean
}

/** A signed-in user and their session. */
export interface Viewer extends Personal {
  id: string
  username: string
  /** For a bot, the id of its token. */
  sessionId: string
  isBot?: true
  /** The account waits for an administrator's approval: it can do nothing yet. */
  isWaiting?: true
}

interface CachedSession {
  viewer: Viewer
  /** When to read the database again, in milliseconds since 1970. */
  expiresAt: number
}

const cacheTtlMs = 60_000
/** Memory for cached sessions, about 500 bytes each. */
const maxBytes = 16 * 1024 * 1024
/** Approximate memory of a viewer. */
const viewerBytes = 400

/** One session, or all of a user. */
export interface SessionSelector {
  sessionId?: string
  userId?: string
}

interface SessionSources {
  auth(): Promise<Auth>
  /** The session of a credential, when better-auth is not needed to decide. */
  openSession?(credential: string): Promise<OpenSession | undefined>
  /** The bot that owns a token. */
  openBot(token: string): Promise<Viewer | undefined>
  personalOf?(userId: string): Promise<Personal>
}

/**
 * Finds the viewer of a request, and caches it by credential. Code that ends a session or changes its user's cached data
 * must call `forget`.
 */
export class Sessions {
  readonly #sessions = new Cache<CachedSession>({ maxBytes, bytesOf: () => viewerBytes })
  /** Called by `forget`, for telling other processes. */
  onForget: (selector: SessionSelector) => void = () => {}
  /** Counts invalidations: data that was read before one must not be cached after it. */
  #invalidations = 0

  constructor(
    private readonly sources: SessionSources,
    private readonly now: () => number = Date.now,
  ) {}

  /** The viewer behind an `Authorization: Bearer` token or a session cookie; `null` without a valid one. */
  async find(headers: Headers): Promise<Viewer | null> {
    const credential = credentialOf(headers)
    if (!credential) return null

    const cached = this.#sessions.get(credential, untilDeleted)
    if (cached && cached.expiresAt > this.now()) return cached.viewer

    const invalidations = this.#invalidations
    const botToken = botTokenIn(credential)
    const found = botToken ? await this.#findBot(botToken) : await this.#findUser(credential, headers)
    // A session ended during the read, maybe this one: the result must not be used, not even once.
    if (invalidations !== this.#invalidations) return this.find(headers)
    if (found) return this.#sessions.set(credential, untilDeleted, found).viewer

    this.#sessions.delete(credential)
    return null
  }

  /** The viewer of a request if it is cached, without reading the database: for the log. */
  known(headers: Headers): Viewer | undefined {
    return this.#sessions.get(credentialOf(headers) ?? "", untilDeleted)?.viewer
  }

  /** Invalidates one session, or all of a user, in all processes. */
  forget(selector: SessionSelector): void {
    this.forgetHere(selector)
    this.onForget(selector)
  }

  /** Invalidates one session, or all of a user, in this process. */
  forgetHere({ sessionId, userId }: SessionSelector): void {
    this.#invalidations++
    this.#sessions.deleteWhere(({ viewer }) => viewer.sessionId === sessionId || viewer.id === userId)
  }

  /** Invalidates all sessions. */
  clear(): void {
    this.#invalidations++
    this.#sessions.deleteWhere(() => true)
  }

  async #findUser(credential: string, headers: Headers): Promise<CachedSession | undefined> {
    const session = (await this.sources.openSession?.(credential)) ?? (await this.#askAuth(headers))
    if (!session) return undefined

    const { id, userId, username, isWaiting } = session
    const viewer = {
      id: userId,
      username,
      sessionId: id,
      ...(isWaiting && { isWaiting }),
      ...(await this.sources.personalOf?.(userId)),
    }
    return { viewer, expiresAt: Math.min(this.now() + cacheTtlMs, session.expiresAt.getTime()) }
  }

  /** The session that better-auth finds, and renews when it is due. */
  async #askAuth(headers: Headers): Promise<OpenSession | undefined> {
    const auth = await this.sources.auth()
    const found = await auth.api.getSession({ headers: onlyCredential(headers) })
    if (!found) return undefined

    const { user, session } = found
    return {
      id: session.id,
      userId: user.id,
      username: user.username ?? user.name,
      expiresAt: session.expiresAt,
      isWaiting: Boolean(user.waitingSince),
    }
  }

  async #findBot(token: string): Promise<CachedSession | undefined> {
    const viewer = await this.sources.openBot(token)
    return viewer && { viewer, expiresAt: this.now() + cacheTtlMs }
  }
}
