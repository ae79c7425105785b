import type { ProcedureDocs } from "../api/doc.ts"
import { defaultSettings, type settingsContract } from "./contract.ts"

export const settingsDocs: ProcedureDocs<typeof settingsContract> = {
  getSettings: {
    summary: "How one wants one's pages",
    examples: [{ by: "bob", input: null, output: defaultSettings }],
  },
  updateSettings: {
    summary: "Changes how one wants one's pages",
    description: "Those that are not given stay as they are.",
    fields: {
      theme: "Default: `system`",
      density: "Default: `comfortable`",
      timeZone: "An IANA name such as `Europe/Berlin`, or `automatic`: the browser's, which is the default",
      timeFormat: "Default: `system`",
      reducedMotion: "Default: `system`",
      sounds: "For which messages a page that nobody looks at makes one. Default: `mentions`",
      singleKeys: "Shortcuts of one key alone. Default: `on`",
    },
    examples: [
      {
        input: { theme: "dark", timeZone: "Europe/Berlin" },
        output: { ...defaultSettings, theme: "dark", timeZone: "Europe/Berlin" },
      },
    ],
  },
}
