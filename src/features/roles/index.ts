import type { FeatureOf } from "../feature.ts"
import { Role } from "./contract.ts"
import { rolesDocs } from "./docs.ts"
import { rolesHandlers } from "./handlers.ts"

/** Roles of a server, and who has them. */
export const rolesFeature: FeatureOf<"roles"> = {
  handlers: rolesHandlers,
  docs: { title: "Roles", order: 42, procedures: rolesDocs, schemas: { Role } },
}
