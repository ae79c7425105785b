/** Returns the stem of a word of one language, in lower case. */
export type Stemmer = (word: string) => string

/** Languages that are written with other letters than Latin ones, by those. */
export const byScript = [
  ["ru", /\p{sc=Cyrl}/u],
  ["el", /\p{sc=Grek}/u],
  ["ar", /\p{sc=Arab}/u],
] as const

/** Languages with Latin letters, and their frequent small words, without accents: they identify the language of a text. */
export const latin = {
  en: "the and is are was were to of in it that you for on with this have be not but we they what there can i my your just do will would from at as if so or an has had he she how when all any been no yes me us out up about who which their them than then one more some here into only its our did does got get go know like make time today now by see use well too very him her his where why also after before because could should",
  de: "der die das und ist nicht ich du wir ihr sie es ein eine einen mit auf fur den dem des zu von im auch noch aber wie was hat haben wird sind war bei nach oder wenn dass kann nur schon mal uns mir",
  fr: "le la les un une des et est pas je tu il elle nous vous ils que qui dans pour sur avec ce cette mais ou au aux du de ne se son sa ses plus tout fait ca sont etait ont en mon ma mes",
  es: "el la los las un una y es no que de en por para con se lo su al del pero como esta este muy ya hay son fue ha yo tu si nos mi",
  it: "il lo la i gli le un una e non che di in per con si del della al sono ho hai ha piu ma come questo questa anche mi ti ci nel dei",
  pt: "o a os as um uma e nao que de em por para com se do da no na dos das mais mas como esta este muito ja eu voce foi tem isso ao pelo",
  nl: "de het een en is niet ik je we van in op te dat die met voor maar ook er zijn aan als naar wat bij nog heb hebben wordt dit kan om wij",
  sv: "och ar det att ett en som pa jag du vi inte for med till av den har de om men sa kan ska var fran eller nu hur",
} as const

/** Letters that only one of the languages above has; for texts without small words. */
export const ownLetters = [
  ["de", /[ßäöü]/],
  ["es", /ñ/],
  ["pt", /[ãõ]/],
  ["sv", /å/],
  ["fr", /[çêœèàù]/],
] as const

export type StemLanguage = keyof typeof latin | (typeof byScript)[number][0]

/** Plural of `-ão`, which Snowball leaves as it is, and both without accents: `nações`, `nacoes`, `nacao` are `nação`. */
const portugueseEnd = /(?:[oõ]es|ao)$/

/** Snowball's stemmers; English by Porter's second version. Loaded together, with the first message or search. */
export async function loadStemmers(): Promise<Record<StemLanguage, Stemmer>> {
  const [en, de, fr, es, it, pt, nl, sv, ru, el, ar] = await Promise.all([
    import("wink-porter2-stemmer"),
    import("@orama/stemmers/german"),
    import("@orama/stemmers/french"),
    import("@orama/stemmers/spanish"),
    import("@orama/stemmers/italian"),
    import("@orama/stemmers/portuguese"),
    import("@orama/stemmers/dutch"),
    import("@orama/stemmers/swedish"),
    import("@orama/stemmers/russian"),
    import("@orama/stemmers/greek"),
    import("@orama/stemmers/arabic"),
  ])
  return {
    ...{ en: en.default, de: de.stemmer, fr: fr.stemmer, es: es.stemmer, it: it.stemmer },
    pt: (word) => pt.stemmer(word.replace(portugueseEnd, "ão").replace(/cão$/, "ção")),
    ...{ nl: nl.stemmer, sv: sv.stemmer, ru: ru.stemmer, el: el.stemmer, ar: ar.stemmer },
  }
}
