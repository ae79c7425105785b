import type { FeatureOf } from "../feature.ts"
import { AccountDeletion } from "./contract.ts"
import { deletionDuty } from "./duty.ts"
import { accountDeletionsHandlers } from "./handlers.ts"
import { accountDeletionsRoutes } from "./routes.tsx"

/** Deleting the own account after some days, with or without its messages. */
export const accountDeletionsFeature: FeatureOf<"account-deletions"> = {
  handlers: accountDeletionsHandlers,
  routes: [accountDeletionsRoutes],
  workers: [deletionDuty],
  docs: () =>
    import("./docs.ts").then(({ accountDeletionsDocs }) => ({
      ...{ title: "Leaving", order: 15, procedures: accountDeletionsDocs },
      schemas: { AccountDeletion },
    })),
}
