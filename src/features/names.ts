import { z } from "zod"

/** Longest name of a server or channel, in UTF-16 code units. Source: Discord API docs, 100. */
export const maxNameLength = 100

/**
 * Control characters, including directional ones, which would reorder the text around a name (Unicode TR 36,
 * "bidirectional text spoofing").
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed
const invisible = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Does the text show anything? Joiners, fillers and marks alone do not (Unicode, Default_Ignorable_Code_Point). */
export function isVisible(text: string): boolean {
  return /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u.test(text)
}

/** Replaces control characters by spaces. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, " ")
}

/** The name of a group, which may be empty: up to 100 characters, without control characters. */
export const GroupName = z
  .string()
  .overwrite((name) => withoutInvisible(name.toWellFormed()).replace(/\s+/g, " ").trim())
  // Not `max`, which counts code points: browsers (`maxlength`) count code units.
  .refine((name) => name.length <= maxNameLength, `A name has at most ${maxNameLength} characters`)

/** The name of a server or a channel: like `GroupName`, but not empty. */
export const Name = GroupName.refine(isVisible, "Enter a name")
