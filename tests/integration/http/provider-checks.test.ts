import { expect, setDefaultTimeout, test } from "bun:test"
import { updateProvider } from "../../../src/features/identity-providers/store.ts"
import { seal } from "../../../src/features/secret-box.ts"
import { administrate } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { putProvider } from "../../support/identity-providers.ts"
import { clientSecret, startOpenIdProvider } from "../../support/openid-provider.ts"
import { createTestServer } from "../../support/server.ts"

setDefaultTimeout(60_000)

type Metadata = Record<string, unknown>
type Break = (metadata: Metadata) => Metadata | Response

/** Stands before a real provider and answers its metadata, broken. */
function breaking(issuer: string, spoil: Break) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === "/knows-everybody")
        return Response.redirect(`${searchParams.get("redirect_uri")}?code=of-somebody`, 302)
      if (pathname === "/jwks") return new Response("no keys today", { status: 503 })
      const metadata = (await (await fetch(issuer + pathname)).json()) as Metadata
      const at = `http://127.0.0.1:${server.port}`
      const spoiled = spoil({ ...metadata, issuer: at })
      return spoiled instanceof Response ? spoiled : Response.json(spoiled)
    },
  })
  return { at: `http://127.0.0.1:${server.port}`, [Symbol.dispose]: () => void server.stop(true) }
}

async function open(environment: Record<string, string> = { OIDC_PRIVATE_HOSTS: "127.0.0.1" }) {
  const server = await createTestServer(environment)
  const provider = await startOpenIdProvider([server.origin], {})
  await putProvider(server.chat, {
    issuer: provider.issuer,
    clientSecret: seal(server.chat.config, clientSecret),
  })
  await administrate(server.chat, server.cast.alice.id)
  const check = async () => {
    const answer = await server.as("alice").post("/admin/sign-in/keycloak/check", {})
    return { status: answer.status, page: await answer.text() }
  }
  const change = (fields: Parameters<typeof updateProvider>[2]) =>
    server.chat.commits.decide((tx) => updateProvider(tx, "keycloak", fields))
  function close() {
    provider.close()
    server.close()
  }
  return { ...server, provider, check, change, close, [Symbol.dispose]: close }
}

const without = (name: string) => (metadata: Metadata) => ({ ...metadata, [name]: undefined })
const spoiled: { what: string; spoil: Break; says: string }[] = [
  {
    what: "a wrong address",
    spoil: () => new Response("", { status: 404 }),
    says: "answers with the status 404",
  },
  { what: "a page", spoil: () => new Response("<h1>Welcome</h1>"), says: "does not answer with JSON" },
  {
    what: "a redirect",
    spoil: () => Response.redirect("https://id.example.org/", 302),
    says: "leads to https://id.example.org/",
  },
  {
    what: "another issuer",
    spoil: (all) => ({ ...all, issuer: "https://id.example.org" }),
    says: "its issuer is https://id.example.org, but",
  },
  {
    what: "no authorization endpoint",
    spoil: without("authorization_endpoint"),
    says: "names no authorization_endpoint",
  },
  { what: "no token endpoint", spoil: without("token_endpoint"), says: "names no token_endpoint" },
  { what: "no keys", spoil: without("jwks_uri"), says: "names no jwks_uri" },
  {
    what: "keys by plain HTTP",
    spoil: (all) => ({ ...all, jwks_uri: "http://id.example.org/keys" }),
    says: "jwks_uri does not use HTTPS",
  },
  {
    what: "no code flow",
    spoil: (all) => ({ ...all, response_types_supported: ["id_token"] }),
    says: "does not support the authorization code flow",
  },
  {
    what: "an unknown scope",
    spoil: (all) => ({ ...all, scopes_supported: ["openid", "email"] }),
    says: "does not know the scope profile",
  },
  {
    what: "no S256",
    spoil: (all) => ({ ...all, code_challenge_methods_supported: ["plain"] }),
    says: "does not support PKCE with S256",
  },
  {
    what: "keys that cannot be read",
    spoil: (all) => ({ ...all, jwks_uri: `${String(all.issuer)}/jwks` }),
    says: "/jwks answers with the status 503",
  },
]

test.each(spoiled)("with $what the check says so", async ({ spoil, says }) => {
  using app = await open()
  using broken = breaking(app.provider.issuer, spoil)
  await app.change({ issuer: broken.at })

  const { status, page } = await app.check()

  expect(status).toBe(200)
  expect(page).toContain("This check failed")
  expect(page).toContain(says)
})

test("a provider that works passes all checks; a wrong secret, client or redirect address is named", async () => {
  using app = await open()
  expect((await app.check()).page).toContain("Everything works")

  await app.change({ clientSecret: seal(app.chat.config, "a wrong one") })
  expect((await app.check()).page).toContain("the client ID or the client secret is wrong")
  await app.change({ clientSecret: "" })
  expect((await app.check()).page).toContain("or it expects a client secret")
  await app.change({
    clientSecret: seal({ authSecret: "another secret of the instance, 32 long" }, clientSecret),
  })
  expect((await app.check()).page).toContain("AUTH_SECRET was changed")

  using elsewhere = await startOpenIdProvider(["https://old.example.org"], {})
  await app.change({ issuer: elsewhere.issuer, clientSecret: seal(app.chat.config, clientSecret) })
  expect((await app.check()).page).toContain(
    `Enter ${app.origin}/login/with/keycloak/callback there as the redirect address`,
  )

  await app.change({ issuer: "http://127.0.0.1:9" })
  expect((await app.check()).page).toContain("did not answer: The server could not be reached")
})

test("a provider that logs people in without asking them passes", async () => {
  using app = await open()
  using eager = breaking(app.provider.issuer, (all) => ({
    ...all,
    authorization_endpoint: `${String(all.issuer)}/knows-everybody`,
  }))
  await app.change({ issuer: eager.at })

  expect((await app.check()).page).toContain("Everything works")
})

test("a provider in the operator's network is reached only where the operator says so", async () => {
  using app = await open({})

  for (const [issuer, cause] of [
    [app.provider.issuer, "Not HTTPS"],
    ["https://127.0.0.1:9", "The host has no public IP address"],
    ["https://10.0.0.1", "The host has no public IP address"],
  ] as const) {
    await app.change({ issuer })
    const { page } = await app.check()
    expect(page).toContain(cause)
    expect(page).toContain("name its host in OIDC_PRIVATE_HOSTS")
  }
  const begun = await app.visitor(null).get("/login/with/keycloak")
  expect(begun.status).toBe(503)
})

test("a form adds a provider with its groups, checks it, and never shows its secret", async () => {
  using app = await open()
  const { alice } = app.cast
  const { id: roleId } = expectData(
    await alice.client.mutate("createRole", { serverId: app.lab.id, name: "Staff" }),
  )
  const visitor = app.as("alice")
  const fields = {
    ...{ id: "second", name: "Second", issuer: app.provider.issuer, clientId: "chat", clientSecret },
    ...{ scopes: "openid email", domains: "Example.org, sub.example.org", isEnabled: "on" },
    ...{ groupsClaim: "groups", group0: "staff", role0: `${app.lab.id}/${roleId}` },
    ...{ group2: "admins", role2: "administrator" },
  }

  const refused = await visitor.post("/admin/sign-in", { ...fields, issuer: "auth.example.org", role2: "" })
  expect(refused.status).toBe(400)
  const again = await refused.text()
  expect(again).toContain("such as https://auth.example.org")
  expect(again).toContain("Choose a role, or the administration")
  expect(again).toContain('value="admins"')
  const made = await visitor.post("/admin/sign-in", fields)

  expect(made.status).toBe(200)
  const page = await made.text()
  // There, only the address of the first one is known.
  expect(page).toContain(`Enter ${app.origin}/login/with/second/callback there`)
  const [stored] = expectData(await alice.client.query("listIdentityProviders", null)).filter(
    ({ id }) => id === "second",
  )
  expect(stored).toMatchObject({
    domains: ["example.org", "sub.example.org"],
    hasSecret: true,
    groupRoles: [
      { group: "staff", serverId: app.lab.id, roleId },
      { group: "admins", administrator: true },
    ],
  })
  expect(page + JSON.stringify(stored)).not.toContain(clientSecret)

  const saved = await visitor.post("/admin/sign-in/second", { ...fields, name: "Renamed", clientSecret: "" })
  expect(saved.status).toBe(303)
  const [kept] = expectData(await alice.client.query("listIdentityProviders", null)).filter(
    ({ id }) => id === "second",
  )
  expect(kept).toEqual({ ...stored, name: "Renamed" } as typeof kept)
})

test("an administrator of the chat gives by groups only roles that they may give themselves", async () => {
  using app = await open()
  const { alice, mallory } = app.cast
  await administrate(app.chat, mallory.id)
  const { id: roleId } = expectData(
    await alice.client.mutate("createRole", { serverId: app.lab.id, name: "Staff", permissions: "8" }),
  )
  const groupRoles = [{ group: "everyone", serverId: app.lab.id, roleId }]
  const give = (by: typeof alice, name: string) =>
    by.client.mutate("updateIdentityProvider", { id: "keycloak", name, groupRoles })

  expect((await give(mallory, "mine")).error?.code).toBe(403)
  expectData(await give(alice, "ours"))
  expectData(await give(mallory, "still ours"))
})
