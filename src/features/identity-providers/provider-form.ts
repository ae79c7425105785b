import type { InputOf } from "../../kernel/index.ts"
import { field } from "../form-fields.ts"
import {
  defaultScopes,
  type GroupRole,
  type IdentityProvider,
  type identityProvidersContract,
} from "./contract.ts"

/** Empty lines for more groups that the form offers. */
const spareLines = 3
/** The option that gives a group the administration. */
const administration = "administrator"

const texts = ["name", "issuer", "clientId", "scopes", "groupsClaim", "domains"] as const

/** What a form has for a new provider. */
export const newProviderValues = { scopes: defaultScopes, isEnabled: "on" }

/** The fields of the form for a provider; of the groups, `group0` and `role0` and so on. */
export function valuesOf(provider: IdentityProvider): Record<string, string> {
  const { name, issuer, clientId, scopes, groupsClaim, domains, isEnabled, asksSecondFactor, groupRoles } =
    provider
  const lines = groupRoles.flatMap((line, at) => [
    [`group${at}`, line.group],
    [`role${at}`, line.administrator ? administration : `${line.serverId}/${line.roleId}`],
  ])
  return {
    ...{ name, issuer, clientId, scopes, groupsClaim, domains: domains.join(", ") },
    isEnabled: isEnabled ? "on" : "",
    asksSecondFactor: asksSecondFactor ? "on" : "",
    ...Object.fromEntries(lines),
  }
}

/** The numbers of the lines that the form shows. */
export function linesOf(values: Record<string, string>): number[] {
  const used = Object.keys(values).flatMap((name) => {
    const at = /^(?:group|role)(\d{1,3})$/.exec(name)?.[1]
    return at !== undefined && values[name] !== "" ? [Number(at)] : []
  })
  return Array.from({ length: Math.max(-1, ...used) + 1 + spareLines }, (_, at) => at)
}

/** What was sent, by the names of the fields; the secret is not sent back. */
export function typedIn(body: unknown): Record<string, string> {
  const names = typeof body === "object" && body !== null ? Object.keys(body) : []
  const lines = names.filter((name) => /^(group|role)\d{1,3}$/.test(name))
  return Object.fromEntries(
    [...texts, "isEnabled", "asksSecondFactor", ...lines].map((name) => [name, field(body, name)]),
  )
}

type Settings = Omit<InputOf<(typeof identityProvidersContract)["updateIdentityProvider"]>, "id">

/** The settings that were typed, for the procedures. An empty secret stays what it is. */
export function settingsIn(values: Record<string, string>, body: unknown) {
  const { name = "", issuer = "", clientId = "", scopes = "", groupsClaim = "", domains = "" } = values
  const clientSecret = field(body, "clientSecret") || undefined
  return {
    ...{ name, issuer: issuer.trim(), clientId, scopes, groupsClaim },
    domains: domains.split(/[\s,]+/).filter(Boolean),
    groupRoles: groupRolesIn(values),
    isEnabled: values.isEnabled === "on",
    asksSecondFactor: values.asksSecondFactor === "on",
    ...(clientSecret !== undefined && { clientSecret }),
  } satisfies Settings
}

function groupRolesIn(values: Record<string, string>): GroupRole[] {
  return linesOf(values).flatMap((at): GroupRole[] => {
    const [group, role] = [values[`group${at}`]?.trim() ?? "", values[`role${at}`] ?? ""]
    if (group === "" && role === "") return []
    if (role === administration) return [{ group, administrator: true as const }]
    const [serverId, roleId] = role.split("/")
    return [{ group, ...(serverId && roleId ? { serverId, roleId } : {}) }]
  })
}
