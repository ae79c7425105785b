import type { Chat } from "../../src/chat.ts"
import { insertConnection, insertProvider } from "../../src/features/identity-providers/store.ts"
import { seal } from "../../src/features/secret-box.ts"

type Provider = Parameters<typeof insertProvider>[1]

/** Stores a provider, which nobody has to answer for. */
export async function putProvider(
  { commits, config }: Pick<Chat, "commits" | "config">,
  fields: Partial<Provider> = {},
): Promise<string> {
  const provider: Provider = {
    id: "keycloak",
    name: "Keycloak",
    issuer: "https://auth.example.org/realms/people",
    clientId: "chat",
    clientSecret: seal(config, "a secret that only the provider and the chat know"),
    scopes: "openid profile email",
    groupsClaim: "",
    groupRoles: [],
    domains: [],
    isEnabled: true,
    asksSecondFactor: false,
    ...fields,
  }
  await commits.decide((tx) => insertProvider(tx, provider))
  return provider.id
}

/** Connects somebody to it, whom it knows by that id. */
export function putConnection(
  { commits }: Pick<Chat, "commits">,
  userId: string,
  accountId = `of ${userId}`,
): Promise<boolean> {
  return commits.decide((tx) => insertConnection(tx, { providerId: "keycloak", accountId, userId }))
}
