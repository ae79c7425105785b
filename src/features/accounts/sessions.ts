import { botTokenIn } from "../bots/tokens.ts"
import type { Settings } from "../settings/contract.ts"
import type { Auth } from "./auth.ts"
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

interface Known {
  viewer: Viewer
  /** When to ask the database again, in milliseconds since 1970. */
  until: number
}

/** A session found is believed for so long, unless `forget` is told otherwise. */
const believedMs = 60_000
const maxKnown = 20_000

interface Sources {
  auth(): Promise<Auth>
  /** The session that a credential opens, where better-auth need not be asked. */
  openSession?(credential: string): OpenSession | undefined
  /** The bot that a token opens. */
  openBot(token: string): Viewer | undefined
  personalOf?(userId: string): Personal
}

/**
 * Who a request comes from. What was found is remembered by the credential sent; whatever ends a session must call
 * `forget`.
 */
export class Sessions {
  readonly #known = new Map<string, Known>()
  /** How often something was forgotten: a look-up that began before must not be remembered after. */
  #forgotten = 0

  constructor(
    private readonly sources: Sources,
    private readonly now: () => number = Date.now,
  ) {}

  /** The viewer behind an `Authorization: Bearer` token or a session cookie; `null` for anyone else. */
  async find(headers: Headers): Promise<Viewer | null> {
    const credential = credentialOf(headers)
    if (!credential) return null

    const known = this.#known.get(credential)
    if (known && known.until > this.now()) return known.viewer

    const botToken = botTokenIn(credential)
    if (botToken) return this.#bot(credential, botToken)

    const open = this.sources.openSession?.(credential)
    if (open) return this.#person(credential, open)

    const forgotten = this.#forgotten
    const auth = await this.sources.auth()
    const found = await auth.api.getSession({ headers: onlyCredential(headers) })
    if (!found) {
      this.#known.delete(credential)
      return null
    }

    // Something ended meanwhile, maybe this: what was read before may not be believed, not even once.
    if (forgotten !== this.#forgotten) return this.find(headers)

    const { user, session } = found
    const username = user.username ?? user.name
    const { id, expiresAt } = session
    return this.#person(credential, { id, userId: user.id, username, expiresAt })
  }

  /** The viewer behind a request as far as it is known without asking the database: for the log. */
  known(headers: Headers): Viewer | undefined {
    return this.#known.get(credentialOf(headers) ?? "")?.viewer
  }

  /** Ends belief in one session, or in all of a person's. */
  forget({ sessionId, userId }: { sessionId?: string; userId?: string }): void {
    this.#forgotten++
    for (const [credential, { viewer }] of this.#known) {
      if (viewer.sessionId === sessionId || viewer.id === userId) this.#known.delete(credential)
    }
  }

  #person(credential: string, { id, userId, username, expiresAt }: OpenSession): Viewer {
    const viewer: Viewer = { id: userId, username, sessionId: id, ...this.sources.personalOf?.(userId) }
    const until = Math.min(this.now() + believedMs, expiresAt.getTime())
    this.#remember(credential, { viewer, until })
    return viewer
  }

  #bot(credential: string, token: string): Viewer | null {
    const viewer = this.sources.openBot(token)
    if (viewer) this.#remember(credential, { viewer, until: this.now() + believedMs })
    else this.#known.delete(credential)
    return viewer ?? null
  }

  #remember(credential: string, known: Known): void {
    if (this.#known.size >= maxKnown) this.#known.clear()
    this.#known.set(credential, known)
  }
}

/** A bearer token wins over a cookie: a program that sends one means it. */
function credentialOf(headers: Headers): string | null {
  return headers.get("authorization") ?? sessionCookie(headers)
}

/** With both sent, the cookie must not answer for a bad token. */
function onlyCredential(headers: Headers): Headers {
  const authorization = headers.get("authorization")
  return new Headers(authorization ? { authorization } : { cookie: sessionCookie(headers) ?? "" })
}

/** `name=value` of the session's cookie alone: what else a browser sends must not make another key. */
function sessionCookie(headers: Headers): string | null {
  const cookies = headers.get("cookie")?.match(/(?:^|;\s*)((?:__Secure-)?covenant\.session_token=[^;]+)/)
  return cookies?.[1] ?? null
}
