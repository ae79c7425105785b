import { Cache, untilDeleted } from "../../cache/cache.ts"
import type { Settings } from "../settings/contract.ts"
import type { Auth } from "./auth.ts"
import { botTokenIn, credentialOf, onlyCredential } from "./credentials.ts"
import type { OpenSession } from "./open-session.ts"

/** What is known of someone with their session: whatever changes it must call `Sessions.forget`. */
export interface Personal {
  /** Which people they have blocked, as a version of that list; nothing for nobody. */
  blocks?: string
  /** How they want their pages; nothing: as they come. */
  settings?: Settings
}

/** Who is signed in, and by which session. */
export interface Viewer extends Personal {
  id: string
  username: string
  /** Of a bot, its token's id. */
  sessionId: string
  isBot?: true
}

interface CachedSession {
  viewer: Viewer
  /** When to read the database again, in milliseconds since 1970. */
  expiresAt: number
}

const cacheTtlMs = 60_000
/** Memory for sessions, some 500 bytes each. */
const maxBytes = 16 * 1024 * 1024
/** Approximate memory of a viewer. */
const viewerBytes = 400

interface Sources {
  auth(): Promise<Auth>
  /** The session that a credential opens, where better-auth need not be asked. */
  openSession?(credential: string): OpenSession | undefined
  /** The bot that a token opens. */
  openBot(token: string): Viewer | undefined
  personalOf?(userId: string): Personal
}

/**
 * Finds the viewer of a request, and caches it by the credential that was sent. Whatever ends a session or changes what
 * is known of its user must call `forget`.
 */
export class Sessions {
  readonly #sessions = new Cache<CachedSession>({ maxBytes, bytesOf: () => viewerBytes })
  /** How often something was forgotten: what was read before that must not be cached after it. */
  #forgotten = 0

  constructor(
    private readonly sources: Sources,
    private readonly now: () => number = Date.now,
  ) {}

  /** The viewer behind an `Authorization: Bearer` token or a session cookie; `null` for anyone else. */
  async find(headers: Headers): Promise<Viewer | null> {
    const credential = credentialOf(headers)
    if (!credential) return null

    const cached = this.#sessions.get(credential, untilDeleted)
    if (cached && cached.expiresAt > this.now()) return cached.viewer

    const botToken = botTokenIn(credential)
    if (botToken) return this.#bot(credential, botToken)

    const open = this.sources.openSession?.(credential)
    if (open) return this.#person(credential, open)

    const forgotten = this.#forgotten
    const auth = await this.sources.auth()
    const found = await auth.api.getSession({ headers: onlyCredential(headers) })
    if (!found) {
      this.#sessions.delete(credential)
      return null
    }

    // Some session ended meanwhile, maybe this one: what was read before must not be used, not even once.
    if (forgotten !== this.#forgotten) return this.find(headers)

    const { user, session } = found
    const username = user.username ?? user.name
    const { id, expiresAt } = session
    return this.#person(credential, { id, userId: user.id, username, expiresAt })
  }

  /** The viewer of a request if it is cached, without reading the database: for the log. */
  known(headers: Headers): Viewer | undefined {
    return this.#sessions.get(credentialOf(headers) ?? "", untilDeleted)?.viewer
  }

  /** Invalidates one session, or all of a user. */
  forget({ sessionId, userId }: { sessionId?: string; userId?: string }): void {
    this.#forgotten++
    this.#sessions.deleteWhere(({ viewer }) => viewer.sessionId === sessionId || viewer.id === userId)
  }

  #person(credential: string, { id, userId, username, expiresAt }: OpenSession): Viewer {
    const viewer: Viewer = { id: userId, username, sessionId: id, ...this.sources.personalOf?.(userId) }
    return this.#remember(credential, viewer, Math.min(this.now() + cacheTtlMs, expiresAt.getTime()))
  }

  #bot(credential: string, token: string): Viewer | null {
    const viewer = this.sources.openBot(token)
    if (viewer) return this.#remember(credential, viewer, this.now() + cacheTtlMs)

    this.#sessions.delete(credential)
    return null
  }

  #remember(credential: string, viewer: Viewer, expiresAt: number): Viewer {
    return this.#sessions.set(credential, untilDeleted, { viewer, expiresAt }).viewer
  }
}
