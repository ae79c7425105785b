import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { identityProvidersContract } from "./contract.ts"

/** A provider in the example's world, to which bob is connected. */
export const sampleProvider = {
  id: "keycloak",
  name: "Keycloak",
  issuer: "https://auth.example.org/realms/people",
  clientId: "chat",
  hasSecret: true,
  scopes: "openid profile email",
  groupsClaim: "groups",
  groupRoles: [{ group: "staff", serverId: sample.serverId, roleId: sample.roleId }],
  domains: ["example.org"],
  isEnabled: true,
  asksSecondFactor: false,
  createdAt: sample.at,
  people: 1,
}

const only = "you do not administer this chat"
const fails = { 403: only }
const failsOfProvider = { 403: only, 404: "there is no such provider" }

const fields = {
  issuer: "The provider's address as its metadata names it, to the letter",
  clientSecret: "Stored encrypted, and never returned. Without it the chat is a public client",
  scopes: "Separated by spaces; `openid` is one of them",
  groupsClaim: "The claim with the groups, such as `groups` or `realm_access.roles`; empty: none",
  groupRoles: "What the members of a group get: a role of a server, or the administration of this chat",
  domains: "Who has a verified e-mail address there gets an account, however sign-ups are limited",
}

export const identityProvidersDocs: ProcedureDocs<typeof identityProvidersContract> = {
  getSignInWays: {
    summary: "Returns how one logs in here: with a password or not, and at which providers",
    description: "A person logs in at a provider in a browser, at `/login/with/{id}`.",
    open: true,
    examples: [
      {
        by: null,
        input: null,
        output: { passwords: true, providers: [{ id: "keycloak", name: "Keycloak" }] },
      },
    ],
  },
  listIdentityProviders: {
    summary: "Lists the providers where people log in",
    fails,
    examples: [
      { input: null, output: [sampleProvider] },
      {
        summary: "By someone who is not an administrator",
        by: "bob",
        input: null,
        error: { code: 403, message: "Only administrators of this chat may do this" },
      },
    ],
  },
  createIdentityProvider: {
    summary: "Adds a provider where people log in, by OpenID Connect",
    description:
      "Enter `/login/with/{id}/callback` of this chat at the provider as redirect address. You name only roles that you may give yourself.",
    fails: { 403: "you do not administer this chat, or may not give a role", 409: "the id is taken" },
    fields: { ...fields, id: "Part of the redirect address; a random one without it" },
    examples: [
      {
        input: {
          id: "pocket-id",
          name: "Pocket ID",
          issuer: "https://id.example.org",
          clientId: "chat",
          clientSecret: "the secret that the provider shows",
          domains: ["example.org"],
        },
        output: {
          id: "pocket-id",
          name: "Pocket ID",
          issuer: "https://id.example.org",
          clientId: "chat",
          hasSecret: true,
          scopes: "openid profile email",
          groupsClaim: "",
          groupRoles: [],
          domains: ["example.org"],
          isEnabled: true,
          asksSecondFactor: false,
          createdAt: sample.at,
          people: 0,
        },
      },
    ],
  },
  updateIdentityProvider: {
    summary: "Changes a provider where people log in",
    description: "Missing fields stay. The issuer cannot be changed while people are connected.",
    fails: {
      ...failsOfProvider,
      403: "you do not administer this chat, or may not give a role",
      409: "people are connected, who may be others at another issuer",
    },
    fields,
    examples: [
      {
        input: { id: "keycloak", name: "Staff" },
        output: { ...sampleProvider, name: "Staff" },
      },
    ],
  },
  deleteIdentityProvider: {
    summary: "Deletes a provider and its connections to people",
    fails: failsOfProvider,
    examples: [{ input: { id: "keycloak" }, output: null }],
  },
  checkIdentityProvider: {
    summary: "Asks a provider for all that a login needs, and says which check failed",
    description: "At most 20 times in ten minutes.",
    fails: failsOfProvider,
    examples: [
      {
        input: { id: "keycloak" },
        output: {
          isWorking: false,
          checks: [
            {
              name: "address",
              isPassed: false,
              message:
                "https://auth.example.org/realms/people/.well-known/openid-configuration did not answer: The host has no public IP address. If it is in your own network or has no HTTPS, name its host in OIDC_PRIVATE_HOSTS",
            },
          ],
        },
      },
    ],
  },
  setPasswordSignIn: {
    summary: "Allows passwords, or lets people log in at providers only",
    fails,
    examples: [
      { input: { isAllowed: true }, output: null },
      {
        summary: "By someone who would be locked out",
        input: { isAllowed: false },
        error: {
          code: 400,
          message: "First connect your own account to a provider, or you would be locked out",
        },
      },
    ],
  },
  getConnectedProviders: {
    summary: "Lists the providers, and whether you are connected to them",
    examples: [
      {
        by: "bob",
        input: null,
        output: [{ id: "keycloak", name: "Keycloak", isConnected: true, isLastWay: false }],
      },
    ],
  },
  disconnectProvider: {
    summary: "Disconnects your account from a provider",
    fails: { 404: "you are not connected there" },
    examples: [
      { by: "bob", input: { id: "keycloak" }, output: null },
      {
        summary: "By someone who is not connected",
        input: { id: "keycloak" },
        error: { code: 404, message: "You are not connected to this provider" },
      },
    ],
  },
}
