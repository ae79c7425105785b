import { z } from "zod"
import { ask, type Checked, CheckFailed, jsonOf, Metadata } from "./asking.ts"
import { callbackPath } from "./begin-sign-in.ts"
import { checkClient, checkRedirect } from "./check-client.ts"
import { secretOf } from "./client.ts"
import type { ProviderCheck } from "./contract.ts"
import { isPrivateHost, type ProviderAccess } from "./provider-fetch.ts"
import type { StoredProvider } from "./store.ts"

type Name = ProviderCheck["name"]

/** Each returns what it found, in a sentence, or throws `CheckFailed`. */
const checks: [Name, (checked: Checked) => string | Promise<string>][] = [
  ["address", readMetadata],
  ["issuer", checkIssuer],
  ["endpoints", checkEndpoints],
  ["flow", checkFlow],
  ["keys", checkKeys],
  ["client", checkClient],
  ["redirect", checkRedirect],
]

/** Asks a provider all that a sign-in needs but a person. Stops at the first check that fails. */
export async function checkProvider(
  access: ProviderAccess,
  provider: StoredProvider,
  origin: string,
): Promise<{ isWorking: boolean; checks: ProviderCheck[] }> {
  const redirectUri = origin + callbackPath(provider.id)
  const done: ProviderCheck[] = []
  const checked: Checked = { access, provider, secret: "", redirectUri, metadata: {} }
  for (const [name, check] of checks) {
    try {
      done.push({ name, isPassed: true, message: await check(checked) })
    } catch (error) {
      if (!(error instanceof CheckFailed)) throw error
      done.push({ name, isPassed: false, message: error.message })
      return { isWorking: false, checks: done }
    }
  }
  return { isWorking: true, checks: done }
}

async function readMetadata(checked: Checked): Promise<string> {
  const { access, provider } = checked
  const url = `${provider.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
  const found = Metadata.safeParse(jsonOf(url, await ask(checked, url)))
  if (!found.success) throw new CheckFailed(`${url} does not answer with an object. Is this a provider?`)

  checked.metadata = found.data
  try {
    checked.secret = secretOf(access, provider)
  } catch (error) {
    throw new CheckFailed(`${error instanceof Error ? error.message : error}. Enter the client secret again`)
  }
  return `${url} answers`
}

function checkIssuer({ provider, metadata }: Checked): string {
  const { issuer } = metadata
  if (issuer === provider.issuer) return "The issuer is the one entered here"
  if (issuer === undefined) throw new CheckFailed("The provider does not name its issuer")
  throw new CheckFailed(
    `The provider says that its issuer is ${issuer}, but ${provider.issuer} is entered here. They must be exactly the same`,
  )
}

function checkEndpoints({ access, metadata }: Checked): string {
  for (const name of ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const) {
    const url = metadata[name]
    if (url === undefined) throw new CheckFailed(`The provider names no ${name}`)
    if (!URL.canParse(url)) throw new CheckFailed(`The provider's ${name} is not a web address: ${url}`)
    if (!url.startsWith("https:") && !isPrivateHost(access, url))
      throw new CheckFailed(`The provider's ${name} does not use HTTPS: ${url}`)
  }
  return "The authorization, token and key endpoints are present"
}

function checkFlow({ provider, metadata }: Checked): string {
  const { response_types_supported: types, code_challenge_methods_supported: methods } = metadata
  if (types && !types.includes("code"))
    throw new CheckFailed("The provider does not support the authorization code flow (response type code)")
  const scopes = provider.scopes.split(/\s+/)
  const unknown =
    metadata.scopes_supported && scopes.filter((scope) => !metadata.scopes_supported?.includes(scope))
  if (unknown && unknown.length > 0)
    throw new CheckFailed(
      `The provider does not know the scope ${unknown.join(", ")}. Remove it here or add it there`,
    )
  if (methods && !methods.includes("S256"))
    throw new CheckFailed(
      "The provider does not support PKCE with S256, without which a code could be stolen",
    )
  return methods
    ? "The code flow with PKCE (S256) is supported"
    : "The provider does not say whether it supports PKCE (S256). PKCE is used anyway"
}

const Keys = z.object({ keys: z.array(z.object({ kty: z.string() })) })

async function checkKeys(checked: Checked): Promise<string> {
  const url = checked.metadata.jwks_uri ?? ""
  const found = Keys.safeParse(jsonOf(url, await ask(checked, url)))
  if (!found.success) throw new CheckFailed(`${url} does not answer with a set of keys`)
  const { keys } = found.data
  if (!keys.some(({ kty }) => kty !== "oct"))
    throw new CheckFailed(`${url} has no public key, so nothing that the provider signs can be verified`)
  return keys.length === 1 ? "The provider has one public key" : `The provider has ${keys.length} public keys`
}
