import { storageRetrySeconds, storageUnavailable } from "../../db/failures.ts"
import { deleteBot, listBotIds } from "../bots/store.ts"
import { resource } from "../permissions/resources.ts"
import { listServers, listServersOwned } from "../servers/store.ts"
import type { Derived, Procedures } from "../services.ts"
import { deleteSessionByToken, endSession, endSessions, updateAddress } from "../sessions/store.ts"
import type { accountsContract } from "./contract.ts"
import { loginLimit } from "./limits.ts"
import { confirmPassword, Guesses, tooMany } from "./passwords.ts"
import { anonymizeUser, findPasswordHash, findUserByName, updatePasswordHash } from "./store.ts"

/**
 * How long a browser keeps its cookie, in seconds: as long as browsers allow (RFC 6265bis, 400 days). How long
 * it is good for is the session's own affair, which goes on from day to day while it is used.
 */
const cookieSeconds = 400 * 24 * 60 * 60

const wrongLogin = "Wrong username or password"
const changedMeanwhile = "Your password was changed meanwhile. Sign in again"
const ownsServers = "You own servers. Delete them first: each has that in its settings"

/** Longest name of a browser or program that is kept. */
const maxUserAgentLength = 400

export const accountsHandlers: Procedures<typeof accountsContract> = {
  login: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db } = derived
      const username = inputs.username.trim()
      const guesses = new Guesses(derived.limits.get(loginLimit), username, ctx.address)
      const waitSeconds = guesses.check()
      guesses.tell(setHeader)
      if (waitSeconds > 0) error(tooMany, 429, { retryAfterSeconds: waitSeconds })

      const known = await findUserByName(db, username)
      const hash = known && findPasswordHash(db, known.id)
      const { api } = await derived.auth()
      const signIn = { body: { username, password: inputs.password }, headers: deviceOf(request) }
      const signedIn = await api.signInUsername({ ...signIn, returnHeaders: true }).catch(refusedOnly)
      const made = signedIn?.response
      // Once more: guesses sent all at once passed the first check together, and must not all be answered.
      const retryAfterSeconds = guesses.check()
      // A password that was changed while it was being checked must not open what the change has just closed.
      const isGood = () => retryAfterSeconds === 0 && findPasswordHash(db, made?.user.id ?? "") === hash
      const isKept = made && (await keepSession(derived, { ...made, address: ctx.address, isGood }))
      guesses.tell(setHeader)
      if (retryAfterSeconds > 0) error(tooMany, 429, { retryAfterSeconds })
      if (!isKept) {
        guesses.count()
        guesses.tell(setHeader)
        return error(wrongLogin, 401)
      }

      setCookies(setHeader, signedIn?.headers)
      const { token, user } = made
      return { token, userId: user.id, username: user.username ?? user.name }
    },
  },

  signUp: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db } = derived
      const username = inputs.username.toLowerCase()
      // Names that are taken count too, or one could ask for all names there are.
      const key = `new account ${ctx.address}`
      const limit = derived.limits.get(loginLimit)
      const retryAfterSeconds = limit.take(key)
      for (const [name, value] of limit.headers("logins", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooMany, 429, { retryAfterSeconds })
      if (await findUserByName(db, username)) error("That username is taken", 409)

      const { api } = await derived.auth()
      // better-auth wants an address of e-mail for everyone; `.invalid` can never be one (RFC 2606).
      const email = `${username}@users.invalid`
      const body = { username, name: inputs.username, email, password: inputs.password }
      const signUp = { body, headers: deviceOf(request) }
      const signedUp = await api.signUpEmail({ ...signUp, returnHeaders: true }).catch(refusedOnly)
      const token = signedUp?.response.token
      if (!signedUp || !token) {
        // better-auth says the same of a name that is taken and of a database that fails.
        if (!(await findUserByName(db, username)))
          error(storageUnavailable, 503, { retryAfterSeconds: storageRetrySeconds })
        return error("That username is taken", 409)
      }

      await keepSession(derived, { token, address: ctx.address })
      setCookies(setHeader, signedUp.headers)
      return { token, userId: signedUp.response.user.id, username }
    },
  },

  logout: {
    async procedure({ derived, request, setHeader }) {
      const { id, sessionId } = derived.requireAuth()
      await derived.publisher.publish((changes) => endSession(changes, id, sessionId))

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
      const isChanged = await publisher.publish((changes) => {
        if (findPasswordHash(changes.tx, id) !== hash) return false
        updatePasswordHash(changes.tx, id, newHash)
        endSessions(changes, { userId: id, except: sessionId })
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
      if (listServersOwned(db, id).length > 0) error(ownsServers, 400)
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
      const outcome = await publisher.publish((changes) => {
        if (listServersOwned(changes.tx, id).length > 0) return "owner"
        if (findPasswordHash(changes.tx, id) !== hash) return "changed"
        anonymizeUser(changes, id, now)
        // Nobody is responsible for the user's bots any more.
        for (const botId of listBotIds(changes.tx, id)) deleteBot(changes, botId, now)
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
  address: string
  /** Asked inside the commit. */
  isGood?(): boolean
}

/** Notes where a session that better-auth has made comes from, or takes it back; `false` then. */
function keepSession({ db, commits }: Derived, { token, address, isGood }: NewSession): Promise<boolean> {
  return commits.run(() => {
    if (isGood && !isGood()) {
      deleteSessionByToken(db, token)
      return false
    }
    updateAddress(db, token, address)
    return true
  })
}

/** What better-auth is told of a request: what the browser or program calls itself. */
function deviceOf({ headers }: { headers: Headers }): Headers {
  return new Headers({ "user-agent": (headers.get("user-agent") ?? "").slice(0, maxUserAgentLength) })
}

/** What makes the browser forget its cookies. */
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
function refusedOnly(thrown: unknown): null {
  const status = thrown instanceof Error && "statusCode" in thrown ? Number(thrown.statusCode) : 500
  if (status < 500) return null

  throw thrown
}
