import type { Gemoji } from "gemoji"
import { once } from "../../cache/once.ts"
import { aliases } from "./aliases.ts"

/** Most results of one search. */
export const maxEmojiFound = 60

/** An emoji with its short name: `thumbsup` in `:thumbsup:`. */
export interface FoundEmoji {
  emoji: string
  name: string
  /** In words, for screen readers. */
  description: string
}

/** Emoji of one kind: people, food, flags. */
export interface EmojiCategory {
  name: string
  emoji: FoundEmoji[]
}

interface Entry extends Omit<FoundEmoji, "name"> {
  names: string[]
  /** What else it is found by: words of its names, tags and description. */
  words: string[]
  /** Of two that fit as well, the one people use more comes first. */
  popularity: number
}

/** Ranked before equal matches, most popular first. */
const popular = ["+1", "heart", "joy", "tada", "eyes", "pray", "fire", "white_check_mark", "rocket", "cry"]

/** Loaded by the first search, since loading the names takes longer than rendering a page. */
const load = once(async () => {
  const { gemoji } = await import("gemoji")
  const entries = gemoji.map(toEntry)
  const described = entries.map(({ emoji, description }) => [toName(description), emoji] as const)
  const named = entries.flatMap(({ emoji, names }) => names.map((name) => [name, emoji] as const))
  // Of a name with several meanings, GitHub's counts.
  const byName = new Map<string, string>([...described, ...named])
  for (const [alias, name] of aliases) {
    const emoji = byName.get(name)
    if (emoji !== undefined && !byName.has(alias)) byName.set(alias, emoji)
  }
  const categories = [...Map.groupBy(gemoji, ({ category }) => category)].map(([name, ones]) => ({
    name,
    emoji: ones.map(({ emoji, names, description }) => ({ emoji, name: names[0] ?? "", description })),
  }))
  return { entries, categories, byName }
})

/**
 * Emoji by what they are called or what they show, best first; without a question the popular ones, then all as
 * they are usually ordered. `query` may still have its colons.
 */
export async function searchEmoji(query: string, limit = maxEmojiFound): Promise<FoundEmoji[]> {
  const { entries } = await load()
  const asked = query
    .slice(0, 64)
    .toLowerCase()
    .replaceAll(":", "")
    .trim()
    .replace(/[\s-]+/g, "_")
  const found = entries.flatMap((entry) => {
    const rank = rankOf(entry, asked)
    return rank === undefined ? [] : [{ entry, rank }]
  })
  return found
    .sort((a, b) => a.rank - b.rank || a.entry.popularity - b.entry.popularity)
    .slice(0, Math.min(limit, maxEmojiFound))
    .map(({ entry }) => toEmoji(entry, asked))
}

/** All emoji by category, as they are usually ordered. */
export async function emojiByCategory(): Promise<readonly EmojiCategory[]> {
  return (await load()).categories
}

/** The emoji for each name that can stand between colons. */
export async function emojiByName(): Promise<ReadonlyMap<string, string>> {
  return (await load()).byName
}

/** The better it fits, the lower. */
function rankOf({ names, words }: Entry, asked: string): number | undefined {
  if (asked === "" || names.includes(asked)) return 0
  if (names.some((name) => name.startsWith(asked))) return 1
  if (names.some((name) => name.includes(`_${asked}`))) return 2
  const parts = asked.split("_").filter(Boolean)
  if (parts.length > 0 && parts.every((part) => words.some((word) => word.startsWith(part)))) return 3
  return names.some((name) => name.includes(asked)) ? 4 : undefined
}

/** By the name that fits what was asked: `thumbsup` and `+1` are the same. */
function toEmoji({ emoji, description, names }: Entry, asked: string): FoundEmoji {
  const name = names.find((one) => one.startsWith(asked)) ?? names[0] ?? ""
  return { emoji, name, description }
}

function toEntry({ emoji, names, tags, description }: Gemoji): Entry {
  const words = [...tags, description]
    .join(" ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  const place = popular.findIndex((name) => names.includes(name))
  return { emoji, names, description, words: words.filter(Boolean), popularity: place < 0 ? 99 : place }
}

/** "Thumbs up" as a name: `thumbs_up`. */
function toName(description: string): string {
  return description
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")
}
