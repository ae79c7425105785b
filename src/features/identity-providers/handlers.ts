import { Refusal } from "../../kernel/index.ts"
import { administerConfirmed, requireAdmin } from "../administration/administer.ts"
import { changesOf } from "../audit-log/store.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { seal } from "../secret-box.ts"
import type { Derived, Procedures } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import { checkProvider } from "./check.ts"
import { type IdentityProvider, type identityProvidersContract, maxProviders } from "./contract.ts"
import { checkLimit } from "./limits.ts"
import { assertMayGive, assertSomeoneMayEnter, noSuchProvider } from "./managing.ts"
import { allowsPasswords, updatePasswordSignIn } from "./password-sign-in.ts"
import {
  deleteConnection,
  deleteProvider,
  findOtherWays,
  findProvider,
  findShownProvider,
  findSignInWays,
  hasWorked,
  insertProvider,
  listConnectedIds,
  listEnabledProviders,
  listShownProviders,
  updateProvider,
} from "./store.ts"
import { originOf } from "./visits.ts"

const connectedAlready =
  "People are connected to this provider, and another issuer may know other people by the same ids. Add another provider instead"
const noneWorked = "First log in at a provider once, so that you know that it works"
const notConnected = "First connect your own account to a provider, or you would be locked out"
const lastWay = "You could not log in any more. Set a password or connect another provider first"

export const identityProvidersHandlers: Procedures<typeof identityProvidersContract> = {
  getSignInWays: {
    procedure: ({ derived }) => findSignInWays(derived.db),
  },

  listIdentityProviders: {
    async procedure({ derived }) {
      await requireAdmin(derived)
      return listShownProviders(derived.db)
    },
  },

  createIdentityProvider: {
    procedure({ inputs, derived }) {
      const { id = crypto.randomUUID(), clientSecret = "", ...settings } = inputs
      return administerConfirmed(derived, async (changes, actor) => {
        const { tx } = changes
        const all = await listShownProviders(tx)
        if (all.length >= maxProviders)
          throw new Refusal(`There can be at most ${maxProviders} providers`, 400)
        if (all.some((provider) => provider.id === id)) throw new Refusal("This address is taken", 409)
        await assertMayGive(changes, actor, [], settings.groupRoles)

        await insertProvider(tx, { ...settings, id, clientSecret: sealed(derived, clientSecret) })
        const target = { id, name: settings.name }
        await recordInstanceAct(tx, { actor, action: "provider.create", target })
        return required(await findShownProvider(tx, id))
      })
    },
  },

  updateIdentityProvider: {
    procedure({ inputs, derived }) {
      const { id, clientSecret, ...given } = inputs
      const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      return administerConfirmed(derived, async (changes, actor) => {
        const { tx } = changes
        const before = required(await findShownProvider(tx, id))
        if (given.issuer !== undefined && given.issuer !== before.issuer && before.people > 0)
          throw new Refusal(connectedAlready, 409, {
            issues: [{ path: "issuer", message: connectedAlready }],
          })
        await assertMayGive(changes, actor, before.groupRoles, given.groupRoles ?? [])

        const secret = clientSecret === undefined ? {} : { clientSecret: sealed(derived, clientSecret) }
        await updateProvider(tx, id, { ...fields, ...secret })
        await assertSomeoneMayEnter(changes)
        const changed = {
          ...changesOf<Record<string, unknown>>({ ...before }, fields),
          ...(clientSecret !== undefined && { clientSecret: { after: "changed" } }),
        }
        const target = { id, name: before.name }
        await recordInstanceAct(tx, { actor, action: "provider.update", target, changes: changed })
        return required(await findShownProvider(tx, id))
      })
    },
  },

  deleteIdentityProvider: {
    async procedure({ inputs: { id }, derived }) {
      await administerConfirmed(derived, async (changes, actor) => {
        const { tx } = changes
        const { name } = required(await findShownProvider(tx, id))
        await deleteProvider(tx, id)
        await assertSomeoneMayEnter(changes)
        await recordInstanceAct(tx, { actor, action: "provider.delete", target: { id, name } })
      })
      return null
    },
  },

  checkIdentityProvider: {
    async procedure({ inputs: { id }, derived, request, error }) {
      const viewer = await requireAdmin(derived)
      const provider = await findProvider(derived.db, id)
      if (!provider) return error(noSuchProvider, 404)
      const retryAfterSeconds = await derived.limits.get(checkLimit).take(viewer.id)
      if (retryAfterSeconds > 0) error("Wait a moment before you check again", 429, { retryAfterSeconds })

      return checkProvider(derived, provider, originOf(derived, request))
    },
  },

  setPasswordSignIn: {
    async procedure({ inputs: { isAllowed }, derived }) {
      await administerConfirmed(derived, async ({ tx }, actor) => {
        const before = await allowsPasswords(tx)
        if (before === isAllowed) return
        if (!isAllowed) {
          if (!(await hasWorked(tx))) throw new Refusal(noneWorked, 400)
          if ((await findOtherWays(tx, actor.id, "")).providers === 0) throw new Refusal(notConnected, 400)
        }
        await updatePasswordSignIn(tx, isAllowed, derived.config)
        const changes = { allowsPasswords: { before, after: isAllowed } }
        await recordInstanceAct(tx, { actor, action: "instance.update", changes })
      })
      return null
    },
  },

  getConnectedProviders: {
    async procedure({ derived }) {
      const { db } = derived
      const viewer = derived.requireAuth()
      const connected = new Set(await listConnectedIds(db, viewer.id))
      const isOnly = connected.size > 0 && !(await hasOtherWay(db, viewer.id, "", { besides: 1 }))
      return (await listEnabledProviders(db)).map(({ id, name }) => {
        const isConnected = connected.has(id)
        return { id, name, isConnected, isLastWay: isConnected && isOnly }
      })
    },
  },

  disconnectProvider: {
    async procedure({ inputs: { id }, derived }) {
      const viewer = derived.requireAuth()
      await requireRecentConfirmation(derived, viewer)
      await derived.publisher.decide(async ({ tx }) => {
        if (!(await deleteConnection(tx, id, viewer.id)))
          throw new Refusal("You are not connected to this provider", 404)
        if (!(await hasOtherWay(tx, viewer.id, id))) throw new Refusal(lastWay, 400)
      })
      return null
    },
  },
}

/** Could the person sign in without this provider, or without `besides` of all that they are connected to? */
async function hasOtherWay(
  db: Derived["db"],
  userId: string,
  providerId: string,
  { besides = 0 } = {},
): Promise<boolean> {
  const { hasPassword, hasPasskey, providers } = await findOtherWays(db, userId, providerId)
  return hasPasskey || providers > besides || (hasPassword && (await allowsPasswords(db)))
}

function required(provider: IdentityProvider | undefined): IdentityProvider {
  if (!provider) throw new Refusal(noSuchProvider, 404)
  return provider
}

/** A secret as it is stored; empty stays empty. */
function sealed({ config }: Pick<Derived, "config">, secret: string): string {
  return secret === "" ? "" : seal(config, secret)
}
