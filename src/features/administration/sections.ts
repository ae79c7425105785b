/** The sections of the administration, by the last part of their address; in the order of their navigation. */
export const adminSections = [
  { name: "", title: "Overview" },
  { name: "people", title: "People" },
  { name: "approvals", title: "Approvals" },
  { name: "invitations", title: "Invitations" },
  { name: "servers", title: "Servers" },
  { name: "storage", title: "Storage" },
  { name: "announcement", title: "Announcement" },
  { name: "settings", title: "Settings" },
  { name: "look", title: "Appearance" },
  { name: "sign-in", title: "Log in" },
  { name: "configuration", title: "Configuration" },
  { name: "log", title: "Log" },
] as const

export type AdminSection = (typeof adminSections)[number]["name"]
