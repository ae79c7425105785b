/**
 * Signs of our own in the text that the Markdown parser gets. Unicode keeps these code points for such inner use;
 * those in a message are taken out like code. The bars make the parser see punctuation beside what they enclose.
 */
export const marks = {
  spoiler: "|\ufdd2|",
  underline: "|\ufdd3|",
  strike: "|\ufdd5|",
  break: "\f",
  /** A space that is not there: it tells the parser where a word ends. */
  gap: "\u205f",
  /** A letter that is not there: beside it a space is none. */
  letter: "\ufdd6",
}
