import { z } from "zod"

/** Longest name of a server or channel, in UTF-16 code units. Source: Discord API docs, 100. */
export const maxNameLength = 100

/**
 * Control characters, and those that turn the direction of the text after them: in a name they would
 * rearrange the page around it (Unicode TR 36, "bidirectional text spoofing").
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const invisible = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Is there anything to see in it? Joiners, fillers and marks alone show nothing (Unicode, Default_Ignorable_Code_Point). */
export function isVisible(text: string): boolean {
  return /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u.test(text)
}

/** Text with a blank in place of each of them. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, " ")
}

/** What a group may be called, which can do without: cleaned of what cannot be seen, up to 100 characters. */
export const GroupName = z
  .string()
  .overwrite((name) => withoutInvisible(name.toWellFormed()).replace(/\s+/g, " ").trim())
  // Not `max`, which counts code points: browsers (`maxlength`) count code units.
  .refine((name) => name.length <= maxNameLength, `A name has at most ${maxNameLength} characters`)

/** What a person may call a server or a channel: as a group, but at least one character. */
export const Name = GroupName.refine(isVisible, "Give it a name")
