import { z } from "zod"

/** What a provider says about someone who signed in there. */
export interface ProviderIdentity {
  /** Its id of the person: the claim `sub`. */
  subject: string
  /** The domain of their e-mail address, in lower case, if the provider has verified the address. */
  verifiedDomain: string | null
  preferredUsername: string
  name: string
  groups: string[]
}

const maxSubjectLength = 255
const maxGroups = 1000

const Text = z.string().max(1000).catch("")
const Claims = z.object({
  sub: z.string().min(1).max(maxSubjectLength),
  email: Text,
  // Some providers send a text.
  email_verified: z
    .union([z.literal(true), z.literal("true")])
    .transform(() => true)
    .catch(false),
  preferred_username: Text,
  name: Text,
})

/** Reads the claims of a provider. `groupsClaim` may be a path, such as `realm_access.roles`. */
export function identityOf(claims: Record<string, unknown>, groupsClaim: string): ProviderIdentity {
  const { sub, email, email_verified, preferred_username, name } = Claims.parse(claims)
  const domain = email.includes("@") ? (email.split("@").at(-1) ?? "").toLowerCase() : ""
  return {
    subject: sub,
    verifiedDomain: email_verified && domain !== "" ? domain : null,
    // Some providers have addresses for usernames.
    preferredUsername: (preferred_username || email).split("@")[0] ?? "",
    name,
    groups: groupsClaim === "" ? [] : groupsIn(claims, groupsClaim),
  }
}

function groupsIn(claims: Record<string, unknown>, claim: string): string[] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : at(claims, claim.split("."))
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((group) => typeof group === "string").slice(0, maxGroups)
}

function at(value: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) return value
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined
  return at((value as Record<string, unknown>)[name], rest)
}
