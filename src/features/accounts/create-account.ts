import { storageRetrySeconds, storageUnavailable } from "../../db/failures.ts"
import { Refusal } from "../../kernel/index.ts"
import { replaceRecoveryCode } from "../recovery-codes/store.ts"
import { updateSessionIp } from "../sessions/store.ts"
import type { Call } from "./begin-session.ts"
import { deviceOf, nullIfRefused, setCookies } from "./new-session.ts"
import { findUserByName } from "./store.ts"

interface NewAccount {
  /** As it was typed. */
  username: string
  password: string
  /** It waits for an administrator's approval. */
  waiting?: { waitingSince: Date; application: string }
}

export const nameTaken = "That username is taken"

/** Creates an account and signs in. Returns its token, id and recovery code. Fails: 409 (name taken), 503. */
export async function createAccount(
  { ctx, derived, request, setHeader }: Call,
  { username: typed, password, waiting }: NewAccount,
): Promise<{ token: string; userId: string; recoveryCode: string }> {
  const username = typed.toLowerCase()
  const { api } = await derived.auth()
  // better-auth requires an e-mail address; the domain `.invalid` never exists (RFC 2606).
  const body = { username, name: typed, email: `${username}@users.invalid`, password, ...waiting }
  const signUp = { body, headers: deviceOf(request) }
  const signedUp = await api.signUpEmail({ ...signUp, returnHeaders: true }).catch(nullIfRefused)
  const token = signedUp?.response.token
  if (!signedUp || !token) {
    // better-auth reports a taken name and a failing database by the same error.
    if (await findUserByName(derived.db, username)) throw new Refusal(nameTaken, 409)
    throw new Refusal(storageUnavailable, 503, { retryAfterSeconds: storageRetrySeconds })
  }

  const userId = signedUp.response.user.id
  const recoveryCode = await derived.commits.decide(async (tx) => {
    await updateSessionIp(tx, token, ctx.address)
    return replaceRecoveryCode(tx, userId)
  })
  setCookies(setHeader, signedUp.headers)
  return { token, userId, recoveryCode }
}
