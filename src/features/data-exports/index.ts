import type { FeatureOf } from "../feature.ts"
import { can } from "../permissions/can.ts"
import { DataExport } from "./contract.ts"
import { exportDuty } from "./duty.ts"
import { dataExportsHandlers } from "./handlers.ts"
import { dataExportsRoutes } from "./routes.tsx"

/** Archives of what a person or a server has here, made in the background. */
export const dataExportsFeature: FeatureOf<"data-exports"> = {
  handlers: dataExportsHandlers,
  routes: [dataExportsRoutes],
  workers: [exportDuty],
  settingsSections: [
    {
      name: "export",
      title: "Export",
      order: 117,
      ...{ group: "Ownership", about: "Everything in the server as an archive" },
      mayOpen: (standing) => can(standing, "exportServer"),
    },
  ],
  docs: () =>
    import("./docs.ts").then(({ dataExportsDocs }) => ({
      title: "Exports",
      order: 16,
      procedures: dataExportsDocs,
      schemas: { DataExport },
    })),
}
