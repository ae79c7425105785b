import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Providers of an instance, and lines of one provider that give something for a group. */
export const maxProviders = 20
export const maxGroupRoles = 50
const maxDomains = 50

const notEmpty = (what: string, max: number) =>
  z.string().trim().min(1, `Enter ${what}`).max(max, `Use at most ${max} characters`)

const Name = notEmpty("a name", 50)

/** Part of the redirect address. `credential` is the name that better-auth stores passwords under. */
export const ProviderId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "Use at most 40 letters a–z, digits and dashes")
  .refine((id) => id !== "credential" && id !== "new" && id !== "passwords", "Choose another name")

const issuerRule = "Enter the provider's address, such as https://auth.example.org"

/** The issuer of a provider as its metadata names it, to the letter. Source: OpenID Connect Core 1.0, section 2, `iss`. */
const Issuer = z
  .url({ protocol: /^https?$/, error: issuerRule })
  .max(500, "Use at most 500 characters")
  .refine((url) => !/[?#]/.test(url), "An issuer has no query and no fragment")

/** A domain of e-mail addresses, in lower case. */
const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253, "A domain has at most 253 characters")
  .regex(/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u, "Enter a domain such as example.org")

/** What the members of a group get: a role in a server, or the administration of this chat. */
export const GroupRole = z
  .object({
    group: notEmpty("a group", 200),
    serverId: z.string().optional(),
    roleId: z.string().optional(),
    administrator: z.literal(true).optional(),
  })
  .refine(
    ({ serverId, roleId, administrator }) =>
      administrator ? !serverId && !roleId : serverId !== undefined && roleId !== undefined,
    "Choose a role, or the administration",
  )
export type GroupRole = z.infer<typeof GroupRole>

/** A provider where people sign in, as administrators see it: without the secret. */
export const IdentityProvider = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  /** Whether a client secret is stored. It is never returned. */
  hasSecret: z.boolean(),
  scopes: z.string(),
  /** The claim with the person's groups; empty: roles do not depend on groups. */
  groupsClaim: z.string(),
  groupRoles: z.array(GroupRole),
  /** Who has a verified e-mail address there gets an account, however sign-ups are limited. */
  domains: z.array(z.string()),
  isEnabled: z.boolean(),
  /** Whether people who have a second factor here are asked for it, after the provider. */
  asksSecondFactor: z.boolean(),
  createdAt: z.date(),
  /** People who are connected to it. */
  people: z.int(),
})
export type IdentityProvider = z.infer<typeof IdentityProvider>

/** What everyone may know: where one signs in. */
export const SignInWays = z.object({
  /** People may sign in and sign up with a password. */
  passwords: z.boolean(),
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type SignInWays = z.infer<typeof SignInWays>

/** One check of a provider, in a sentence. */
export const ProviderCheck = z.object({
  name: z.enum(["address", "issuer", "endpoints", "flow", "keys", "client", "redirect"]),
  isPassed: z.boolean(),
  message: z.string(),
})
export type ProviderCheck = z.infer<typeof ProviderCheck>

/** A provider, as a person sees it who connects their account. */
export const ConnectedProvider = z.object({
  id: z.string(),
  name: z.string(),
  isConnected: z.boolean(),
  /** Without it they could not sign in any more. */
  isLastWay: z.boolean(),
})
export type ConnectedProvider = z.infer<typeof ConnectedProvider>

const settings = {
  name: Name,
  issuer: Issuer,
  clientId: notEmpty("the client ID", 500),
  scopes: z
    .string()
    .trim()
    .max(500, "Use at most 500 characters")
    .refine((text) => text.split(/\s+/).includes("openid"), "The scopes must include openid"),
  groupsClaim: z.string().trim().max(200, "Use at most 200 characters"),
  groupRoles: z.array(GroupRole).max(maxGroupRoles, `At most ${maxGroupRoles} lines`),
  domains: z.array(Domain).max(maxDomains, `At most ${maxDomains} domains`),
  isEnabled: z.boolean(),
  asksSecondFactor: z.boolean(),
}
const Secret = z.string().trim().max(2000, "Use at most 2000 characters")

export const defaultScopes = "openid profile email"

const OfProvider = z.object({ id: z.string() })

// The procedures about identity providers fail with 401, and with 403 for everyone but administrators of the instance.
// Those that change something need a recent confirmation, too: 403.
export const identityProvidersContract = {
  /** How one signs in here: with a password or not, and at which providers. */
  getSignInWays: query({ input: z.null(), output: SignInWays }),
  /** The providers by name. */
  listIdentityProviders: query({ input: z.null(), output: z.array(IdentityProvider) }),
  /**
   * Adds a provider. Without a secret it is asked as a public client. The address to enter there is
   * `/login/with/{id}/callback`. Fails: 400 (too many), 409 (the id is taken), 403 (may not give a role).
   */
  createIdentityProvider: mutation({
    input: z.object({
      ...settings,
      id: ProviderId.optional(),
      clientSecret: Secret.optional(),
      scopes: settings.scopes.default(defaultScopes),
      groupsClaim: settings.groupsClaim.default(""),
      groupRoles: settings.groupRoles.default([]),
      domains: settings.domains.default([]),
      isEnabled: settings.isEnabled.default(true),
      asksSecondFactor: settings.asksSecondFactor.default(false),
    }),
    output: IdentityProvider,
  }),
  /**
   * Changes a provider; what is not given stays. An empty secret removes it. Fails: 404, 403 (may not give a role), 400
   * (nobody could sign in), 409 (another issuer while people are connected).
   */
  updateIdentityProvider: mutation({
    input: z.object({
      id: z.string(),
      name: settings.name.optional(),
      issuer: settings.issuer.optional(),
      clientId: settings.clientId.optional(),
      clientSecret: Secret.optional(),
      scopes: settings.scopes.optional(),
      groupsClaim: settings.groupsClaim.optional(),
      groupRoles: settings.groupRoles.optional(),
      domains: settings.domains.optional(),
      isEnabled: settings.isEnabled.optional(),
      asksSecondFactor: settings.asksSecondFactor.optional(),
    }),
    output: IdentityProvider,
  }),
  /** Deletes a provider and what connects people to it. Fails: 404, 400 (nobody could sign in). */
  deleteIdentityProvider: mutation({ input: OfProvider, output: z.null() }),
  /** Asks the provider, and says which check failed. Stops at the first that fails. Fails: 404, 429. */
  checkIdentityProvider: mutation({
    input: OfProvider,
    output: z.object({ isWorking: z.boolean(), checks: z.array(ProviderCheck) }),
  }),
  /**
   * Allows passwords, or leaves only the providers. Fails: 400 (nobody has signed in at a provider yet; the viewer is not
   * connected to one).
   */
  setPasswordSignIn: mutation({ input: z.object({ isAllowed: z.boolean() }), output: z.null() }),

  /** The providers, and whether the viewer is connected to them. Fails: 401. */
  getConnectedProviders: query({ input: z.null(), output: z.array(ConnectedProvider) }),
  /** Fails: 401, 403 (confirm first), 404 (not connected), 400 (the last way to sign in). */
  disconnectProvider: mutation({ input: OfProvider, output: z.null() }),
}
