import type { FeatureOf } from "../feature.ts"
import { connectedRoutes } from "./account-routes.tsx"
import { providerRoutes } from "./admin-routes.tsx"
import { GroupRole, IdentityProvider, ProviderCheck, SignInWays } from "./contract.ts"
import { identityProvidersHandlers } from "./handlers.ts"
import { checkLimit, startLimit } from "./limits.ts"
import { signInRoutes } from "./routes.tsx"

/** Signing in at providers by OpenID Connect: sign-in, connecting accounts, roles by groups, and their administration. */
export const identityProvidersFeature: FeatureOf<"identity-providers"> = {
  handlers: identityProvidersHandlers,
  routes: [signInRoutes, connectedRoutes, providerRoutes],
  limits: [startLimit, checkLimit],
  docs: () =>
    import("./docs.ts").then(({ identityProvidersDocs }) => ({
      title: "Identity providers",
      order: 262,
      procedures: identityProvidersDocs,
      schemas: { GroupRole, IdentityProvider, ProviderCheck, SignInWays },
    })),
}
