import { once } from "../../../cache/once.ts"

/** One for all texts: making it takes several times as long as using it. */
const segmenter = once(() => new Intl.Segmenter("en"))

/** The grapheme clusters of a text: what people see as one character each. */
export function graphemesOf(text: string): Intl.Segments {
  return segmenter().segment(text)
}
