/** How the instance presents itself on its pages, and what all of them go by. */
export interface Look {
  name: string
  /** Identifies the uploaded icon; `null` for the icon of Covenant Chat. */
  iconVersion: string | null
  /** The URL of the style sheet with the accent colour; `null` for the usual colour. */
  stylesUrl: string | null
  /** Links at the foot of the pages for those who are not signed in; empty for none. */
  termsUrl: string
  privacyUrl: string
  /** Do only administrators create servers? */
  keepsServers: boolean
  /** What administrators announce to everyone; `null` for nothing. */
  announcement: Announcement | null
  /** Changes with anything above: part of the key of cached pages. */
  version: string
}

export interface Announcement {
  id: string
  text: string
}

export const defaultLook: Look = {
  name: "Covenant Chat",
  iconVersion: null,
  stylesUrl: null,
  termsUrl: "",
  privacyUrl: "",
  keepsServers: false,
  announcement: null,
  version: "",
}

/** The look of the instance that this process serves. */
let registered: () => Look = () => defaultLook

/** Makes `currentLook` return what this function does. `createApp` calls it before it renders a page. */
export function registerLook(look: () => Look): void {
  registered = look
}

/** How the instance presents itself now, for pages to render. From memory: costs no query. */
export function currentLook(): Look {
  return registered()
}

/** Sides of the icon in pixels: for tabs, Apple's home screens, other home screens, and large places. */
export const iconSizes = [32, 180, 192, 512] as const

/** The URL of the uploaded icon in a size; `undefined` without one. Its answer never changes. */
export function iconUrl({ iconVersion }: Look, size: (typeof iconSizes)[number]): string | undefined {
  return iconVersion === null ? undefined : `/instance/icon-${iconVersion}-${size}.png`
}
