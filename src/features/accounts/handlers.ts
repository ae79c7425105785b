import type { Tx } from "../../db/database.ts"
import { storageRetrySeconds, storageUnavailable } from "../../db/failures.ts"
import { deleteBot, listBotIds } from "../bots/store.ts"
import { resource } from "../permissions/resources.ts"
import { listServers, listServersOwned } from "../servers/store.ts"
import type { Derived, Procedures } from "../services.ts"
import { deleteSessionByToken, endSession, endSessions, updateSessionIp } from "../sessions/store.ts"
import type { accountsContract } from "./contract.ts"
import { loginLimit } from "./limits.ts"
import { confirmPassword, PasswordGuesses, tooManyAttempts } from "./passwords.ts"
import { anonymizeUser, findPasswordHash, findUserByName, updatePasswordHash } from "./store.ts"

/**
 * Lifetime of the cookie in seconds: the longest that browsers allow (RFC 6265bis, 400 days). The session behind it
 * expires earlier when it is not used, and is renewed while it is.
 */
const cookieSeconds = 400 * 24 * 60 * 60

const wrongLogin = "Wrong username or password"
const changedMeanwhile = "Your password was changed meanwhile. Sign in again"
const ownsServers = "You own servers. Delete each of them in its settings first"

/** Longest stored `User-Agent` of a session. */
const maxUserAgentLength = 400

export const accountsHandlers: Procedures<typeof accountsContract> = {
  login: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db } = derived
      const username = inputs.username.trim()
      const guesses = new PasswordGuesses(derived.limits.get(loginLimit), username, ctx.address)
      const waitSeconds = await guesses.check()
      await guesses.setHeaders(setHeader)
      if (waitSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds: waitSeconds })

      const user = await findUserByName(db, username)
      const hash = user && (await findPasswordHash(db, user.id))
      const { api } = await derived.auth()
      const signIn = { body: { username, password: inputs.password }, headers: deviceOf(request) }
      const signedIn = await api.signInUsername({ ...signIn, returnHeaders: true }).catch(nullIfRefused)
      const session = signedIn?.response
      // Checked again: concurrent guesses pass the first check together.
      const retryAfterSeconds = await (session ? guesses.check() : guesses.take())
      // Changing the password ends sessions; a login with the old one that runs meanwhile must fail too.
      const isStillValid = async (tx: Tx) =>
        retryAfterSeconds === 0 && (await findPasswordHash(tx, session?.user.id ?? "")) === hash
      const isConfirmed =
        session && (await confirmSession(derived, { ...session, ip: ctx.address, isStillValid }))
      await guesses.setHeaders(setHeader)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })
      if (!isConfirmed) {
        if (session) {
          await guesses.count()
          await guesses.setHeaders(setHeader)
        }
        return error(wrongLogin, 401)
      }

      setCookies(setHeader, signedIn?.headers)
      const { token, user: viewer } = session
      return { token, userId: viewer.id, username: viewer.username ?? viewer.name }
    },
  },

  signUp: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db } = derived
      const username = inputs.username.toLowerCase()
      // Taken names count too: otherwise an attacker could enumerate all names.
      const key = `new account ${ctx.address}`
      const limit = derived.limits.get(loginLimit)
      const retryAfterSeconds = await limit.take(key)
      for (const [name, value] of await limit.headers("logins", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })
      if (await findUserByName(db, username)) error("That username is taken", 409)

      const { api } = await derived.auth()
      // better-auth requires an e-mail address; the domain `.invalid` never exists (RFC 2606).
      const email = `${username}@users.invalid`
      const body = { username, name: inputs.username, email, password: inputs.password }
      const signUp = { body, headers: deviceOf(request) }
      const signedUp = await api.signUpEmail({ ...signUp, returnHeaders: true }).catch(nullIfRefused)
      const token = signedUp?.response.token
      if (!signedUp || !token) {
        // better-auth reports a taken name and a failing database by the same error.
        if (!(await findUserByName(db, username)))
          error(storageUnavailable, 503, { retryAfterSeconds: storageRetrySeconds })
        return error("That username is taken", 409)
      }

      await confirmSession(derived, { token, ip: ctx.address })
      setCookies(setHeader, signedUp.headers)
      return { token, userId: signedUp.response.user.id, username }
    },
  },

  logout: {
    async procedure({ derived, request, setHeader }) {
      const { id, sessionId } = derived.requireAuth()
      await derived.publisher.decide((changes) => endSession(changes, id, sessionId))

      setCookies(setHeader, await expiredCookies(derived, request.headers))
      return null
    },
  },

  changePassword: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { publisher } = derived
      const { id, sessionId } = derived.requireAuth()
      const [password, field] = [inputs.currentPassword, "currentPassword"]
      const hash = await confirmPassword({ ctx, derived, setHeader, error, password, field })

      const { password: passwords } = await (await derived.auth()).$context
      const newHash = await passwords.hash(inputs.newPassword)
      const isChanged = await publisher.decide(async (changes) => {
        if ((await findPasswordHash(changes.tx, id)) !== hash) return false
        await updatePasswordHash(changes.tx, id, newHash)
        await endSessions(changes, { userId: id, except: sessionId })
        return true
      })
      return isChanged ? null : error(changedMeanwhile, 409)
    },
  },

  deleteAccount: {
    resources: ({ outputs }) => outputs.serverIds.map((id) => resource.members(id)),
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db, publisher } = derived
      const { id } = derived.requireAuth()
      if ((await listServersOwned(db, id)).length > 0) error(ownsServers, 400)
      const hash = await confirmPassword({
        ctx,
        derived,
        setHeader,
        error,
        password: inputs.password,
        field: "password",
      })

      const servers = await listServers(db, id)
      const now = new Date()
      const outcome = await publisher.decide(async (changes) => {
        if ((await listServersOwned(changes.tx, id)).length > 0) return "owner"
        if ((await findPasswordHash(changes.tx, id)) !== hash) return "changed"
        await anonymizeUser(changes, id, now)
        // Bots need an owner who is responsible for them.
        for (const botId of await listBotIds(changes.tx, id)) await deleteBot(changes, botId, now)
        return "deleted"
      })
      if (outcome === "owner") error(ownsServers, 400)
      if (outcome === "changed") error(changedMeanwhile, 409)

      setCookies(setHeader, await expiredCookies(derived, request.headers))
      return { serverIds: servers.map((server) => server.id) }
    },
  },
}

interface NewSession {
  token: string
  ip: string
  /** Called inside the commit. */
  isStillValid?(tx: Tx): Promise<boolean>
}

/** Stores the client's ip in a session that better-auth created. Deletes it and returns `false` if it is not valid. */
function confirmSession({ commits }: Derived, { token, ip, isStillValid }: NewSession): Promise<boolean> {
  return commits.decide(async (tx) => {
    if (isStillValid && !(await isStillValid(tx))) {
      await deleteSessionByToken(tx, token)
      return false
    }
    await updateSessionIp(tx, token, ip)
    return true
  })
}

/** The headers that better-auth stores with a session: only the shortened `User-Agent`. */
function deviceOf({ headers }: { headers: Headers }): Headers {
  return new Headers({ "user-agent": (headers.get("user-agent") ?? "").slice(0, maxUserAgentLength) })
}

/** Headers that delete the browser's session cookies. */
async function expiredCookies(derived: Derived, headers: Headers): Promise<Headers> {
  const { api } = await derived.auth()
  return (await api.signOut({ headers, returnHeaders: true })).headers
}

function setCookies(setHeader: (name: string, value: string) => void, from: Headers | undefined): void {
  for (const cookie of from?.getSetCookie() ?? []) {
    setHeader("set-cookie", cookie.replace(/Max-Age=[1-9]\d*/, `Max-Age=${cookieSeconds}`))
  }
}

/** better-auth refuses by throwing an APIError with a status below 500; anything else is a bug. */
function nullIfRefused(thrown: unknown): null {
  const status = thrown instanceof Error && "statusCode" in thrown ? Number(thrown.statusCode) : 500
  if (status < 500) return null

  throw thrown
}
