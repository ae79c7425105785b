/** Least contrast of text. Source: WCAG 2.2, 1.4.3. */
export const minContrast = 4.5

/**
 * What names stand on, at worst: the darkest ground of the light theme and the lightest of the dark one, which is that of a
 * message that mentions the reader under the pointer. See `--glow` and `--hover` in `static/styles/tokens.css`.
 */
export const grounds = { light: 0xf0_e0_b8, dark: 0x4c_3e_21 }
const ends = { light: 0x00_00_00, dark: 0xff_ff_ff }

type Scheme = keyof typeof grounds

/** A role's color, darkened for the light theme or lightened for the dark one as far as it takes to be read. */
export function readableColor(color: number, scheme: Scheme): number {
  if (contrast(color, grounds[scheme]) >= minContrast && isOnSide(color, scheme)) return color

  // The contrast grows with the share of black or white, so that the least share is found by halving.
  let [low, high] = [0, 1]
  for (let step = 0; step < 12; step++) {
    const share = (low + high) / 2
    const mixed = mix(color, ends[scheme], share)
    if (contrast(mixed, grounds[scheme]) >= minContrast && isOnSide(mixed, scheme)) high = share
    else low = share
  }
  return mix(color, ends[scheme], high)
}

/** Between 1 and 21. Source: WCAG 2.2, "contrast ratio". */
export function contrast(one: number, other: number): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** `#rrggbb` */
export function hexOf(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`
}

/** Darker than the ground of the light theme, lighter than that of the dark one. */
function isOnSide(color: number, scheme: Scheme): boolean {
  const isDarker = luminance(color) < luminance(grounds[scheme])
  return isDarker === (scheme === "light")
}

function luminance(color: number): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** One color with a share of another, 0 to 1. */
export function mix(color: number, other: number, share: number): number {
  const others = channelsOf(other)
  return channelsOf(color)
    .map((channel, index) => Math.round(channel + ((others[index] ?? 0) - channel) * share))
    .reduce((sum, channel) => sum * 256 + channel, 0)
}

function channelsOf(color: number): number[] {
  return [color >> 16, (color >> 8) & 0xff, color & 0xff]
}
