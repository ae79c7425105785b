import { accountRoutes } from "./accounts.ts"
import { administrationRoutes } from "./administration.ts"
import { apiRoutes } from "./api.ts"
import { channelRoutes } from "./channels.ts"
import { laterRoutes } from "./later.ts"
import { messageRoutes } from "./messages.ts"
import type { RouteRules } from "./outcomes.ts"
import { serverRoutes } from "./servers.ts"
import { serverSettingsRoutes } from "./settings.ts"

/** Who gets what. The owner wrote the message, made the invite and has the session; the one to be removed is the member. */
export const expected: RouteRules = {
  ...accountRoutes,
  ...administrationRoutes,
  ...serverRoutes,
  ...serverSettingsRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...laterRoutes,
  ...apiRoutes,
}
