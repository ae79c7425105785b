import type { ProcedureDocs } from "../api/doc.ts"
import { defaultSettings, type settingsContract } from "./contract.ts"

export const settingsDocs: ProcedureDocs<typeof settingsContract> = {
  getSettings: {
    summary: "Your settings",
    examples: [{ by: "bob", input: null, output: defaultSettings }],
  },
  updateSettings: {
    summary: "Changes your settings",
    description: "Settings that are not given keep their values.",
    fields: {
      theme: "Default: `system`",
      density: "Default: `comfortable`",
      timeZone:
        "An IANA name such as `Europe/Berlin`, or `automatic` for the browser's. Default: `automatic`",
      timeFormat: "Default: `system`",
      reducedMotion: "Default: `system`",
      sounds: "The messages for which a page in the background plays a sound. Default: `mentions`",
      singleKeys: "Keyboard shortcuts without a modifier key. Default: `on`",
    },
    examples: [
      {
        input: { theme: "dark", timeZone: "Europe/Berlin" },
        output: { ...defaultSettings, theme: "dark", timeZone: "Europe/Berlin" },
      },
    ],
  },
}
