import type { Standing } from "./permissions/standing.ts"

/**
 * One section of a server's settings: the page `/servers/:serverId/settings/NAME`, which a feature names in
 * `settingsSections` and answers with `settingsPage`.
 */
export interface SettingsSection {
  /** The last part of its address. */
  name: string
  /** Its entry in the navigation. */
  title: string
  /** What it is for, in a few words. */
  about: string
  /** The heading that it is listed below; headings are in the order of their first sections. */
  group: "Server" | "People" | "Moderation" | "Programs" | "Ownership"
  /** Its place in the navigation: overview 10, roles 20, members 30, channels 40 … invites 100, danger 120. */
  order: number
  /** Is it listed for a viewer? Its routes check their own permission, too. */
  mayOpen(standing: Standing): boolean
}
