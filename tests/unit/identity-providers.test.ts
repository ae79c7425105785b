import { describe, expect, test } from "bun:test"
import { parseConfig } from "../../src/config.ts"
import { identityOf } from "../../src/features/identity-providers/identity.ts"
import { isPrivateHost } from "../../src/features/identity-providers/provider-fetch.ts"
import { usernameFrom } from "../../src/features/identity-providers/usernames.ts"

test.each([
  ["carol", "carol"],
  ["Zoë Müller", "zoe.muller"],
  ["a".repeat(50), "a".repeat(32)],
  ["李雷", undefined],
  ["x", undefined],
  ["everyone", undefined],
  ["deleted-carol", undefined],
])("%s becomes the username %p", (name, username) => {
  expect(usernameFrom(name)).toBe(username)
})

describe("claims", () => {
  const carol = { sub: "1", email: "Carol@Example.ORG", email_verified: true }

  test.each([
    [carol, "example.org"],
    [{ ...carol, email_verified: "true" }, "example.org"],
    [{ ...carol, email_verified: false }, null],
    [{ ...carol, email_verified: "false" }, null],
    [{ ...carol, email_verified: undefined }, null],
    [{ ...carol, email: "evil@example.org@evil.example" }, "evil.example"],
    [{ ...carol, email: "example.org" }, null],
    [{ ...carol, email: ["carol@example.org"] }, null],
  ])("%o vouch for the domain %p", (claims, domain) => {
    expect(identityOf(claims, "").verifiedDomain).toBe(domain)
  })

  test.each([
    ["groups", { groups: ["a", "b", 3] }, ["a", "b"]],
    ["groups", { groups: "a" }, ["a"]],
    ["groups", {}, []],
    ["realm_access.roles", { realm_access: { roles: ["a"] } }, ["a"]],
    ["https://example.org/groups", { "https://example.org/groups": ["a"] }, ["a"]],
    ["__proto__.x", {}, []],
    ["", { groups: ["a"], "": ["b"] }, []],
  ])("%s of %o are the groups %p", (claim, claims, groups) => {
    expect(identityOf({ sub: "1", ...claims }, claim).groups).toEqual(groups)
  })

  test("without an id are refused", () => {
    expect(() => identityOf({ ...carol, sub: "" }, "")).toThrow()
  })
})

test("hosts in the operator's network are those that are named, with their port", () => {
  const config = parseConfig({
    AUTH_SECRET: "a secret that is only used in tests",
    OIDC_PRIVATE_HOSTS: "Auth.lan, 10.0.0.5:8443",
  })
  const isPrivate = (url: string) => isPrivateHost({ config }, url)

  expect(["https://auth.lan", "http://auth.lan:8080/realms", "https://10.0.0.5:8443"].map(isPrivate)).toEqual(
    [true, true, true],
  )
  expect(
    ["https://10.0.0.5", "https://evil-auth.lan", "https://auth.lan.evil.example"].map(isPrivate),
  ).toEqual([false, false, false])
  expect(() => parseConfig({ OIDC_PRIVATE_HOSTS: "https://auth.lan" })).toThrow("names of hosts")
})
