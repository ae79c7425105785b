import { contrast, hexOf, minContrast, mix, readableColor } from "../roles/colors.ts"

export const schemes = ["light", "dark"] as const
export type Scheme = (typeof schemes)[number]

/** What the accent colour becomes in one color scheme, each as `#rrggbb`. */
export interface Shades {
  /** Of links, of buttons, and of the edges of controls. */
  accent: string
  /** The ground of what is selected. */
  soft: string
  /** Of text on a button. */
  onAccent: string
}

/** `--paper` and `--on-accent` of `static/styles/tokens.css`; a test compares them. */
export const papers = { light: 0xfd_fb_f7, dark: 0x15_1d_20 }
export const onAccents = { light: 0xfd_fc_f8, dark: 0x03_1a_1b }

/** The share of paper in the soft shade, at least. */
const paperShare = 0.85
const step = 0.01

/**
 * The shades of a colour as `#rrggbb` in one scheme: the colour itself, or as much darker or lighter as text needs to be
 * read on each ground of the scheme. What is enough for text is enough for controls (3:1).
 */
export function shadesOf(color: string, scheme: Scheme): Shades {
  const accent = readableColor(Number.parseInt(color.slice(1), 16), scheme)
  let [share, soft] = [paperShare, mix(accent, papers[scheme], paperShare)]
  // Of a very light colour the soft shade would be too light for it on dark pages. Paper itself never is.
  while (contrast(accent, soft) < minContrast) {
    share = Math.min(1, share + step)
    soft = mix(accent, papers[scheme], share)
  }
  return { accent: hexOf(accent), soft: hexOf(soft), onAccent: hexOf(onAccents[scheme]) }
}

/** The style sheet that gives an instance its colour. */
export function stylesOf(color: string): string {
  const [light, dark] = [shadesOf(color, "light"), shadesOf(color, "dark")]
  const rules = [
    `--accent:light-dark(${light.accent},${dark.accent})`,
    `--accent-soft:light-dark(${light.soft},${dark.soft})`,
    `--on-accent:light-dark(${light.onAccent},${dark.onAccent})`,
  ]
  return `:root{${rules.join(";")}}\n`
}
