import { type Children, escapeHtml } from "@kitajs/html"
import { Icon, type IconName } from "./icons.tsx"
import { FormErrors, FormPanel } from "./ui.tsx"

/** As much of an emoji as a page shows of it. */
interface EmojiShown {
  emoji: string
  name: string
  description: string
}

/** What a search for emoji found: buttons that send the chosen one as `emoji`, for any form around them. */
export function EmojiFound({ found, isEmpty = false }: { found: EmojiShown[]; isEmpty?: boolean }) {
  return (
    <div id="emoji-found" class="emoji-found">
      {found.length === 0 && !isEmpty && (
        <p class="empty">No emoji found. Try another word, such as “happy” or “food”.</p>
      )}
      {found.map(({ emoji, name, description }) => (
        <button
          type="submit"
          name="emoji"
          value={escapeHtml(emoji)}
          class="quiet"
          aria-label={escapeHtml(description)}
          title={`:${escapeHtml(name)}:`}
          safe
        >
          {emoji}
        </button>
      ))}
    </div>
  )
}

/** Emoji of one kind: people, food, flags. */
export interface EmojiGroup {
  name: string
  emoji: EmojiShown[]
}

interface PickerProps {
  title: string
  /** The URL of the search without JavaScript. */
  action: string
  query: string
  /** The results of the query. */
  found: EmojiShown[]
  categories: EmojiGroup[]
  error?: string
  /** The form around the emoji: attributes of `<form>`, and content above the categories. */
  form: Record<string, string>
  children?: Children
}

/**
 * Choosing an emoji: a search, which answers while one types where there is JavaScript, and all emoji by category.
 * `static/emoji.js` adds keys, skin tones and what was used last.
 */
export function EmojiPicker({ title, action, query, found, categories, error, form, children }: PickerProps) {
  return (
    <FormPanel title={title}>
      <FormErrors state={{ error }} />
      <form class="emoji-search" method="get" action={action}>
        <label class="visually-hidden" for="emoji-query">
          Search emoji
        </label>
        <input
          id="emoji-query"
          name="q"
          type="search"
          value={escapeHtml(query)}
          placeholder="Search emoji"
          autocomplete="off"
          autofocus
          hx-get="/emoji"
          hx-trigger="input changed delay:100ms"
          hx-sync="replace"
          hx-target="#emoji-found"
          hx-swap="outerHTML"
        />
        <button type="submit">Search</button>
      </form>
      <div class="emoji-places">
        <nav aria-label="Categories">
          {categories.map(({ name }, at) => (
            <a href={`#emoji-${at}`} aria-label={escapeHtml(name)} title={escapeHtml(name)}>
              <Icon name={icons[name] ?? "smile"} />
            </a>
          ))}
        </nav>
        <SkinTones />
      </div>
      <form method="post" {...form} class="emoji-choice">
        {children as "safe"}
        <EmojiFound found={query === "" ? [] : found} isEmpty={query === ""} />
        <EmojiCategories categories={categories} />
      </form>
    </FormPanel>
  )
}

/** Drawn, because an emoji for each would load most of a font where the device has none. */
const icons: Record<string, IconName> = {
  "Smileys & Emotion": "smile",
  "People & Body": "person",
  "Animals & Nature": "leaf",
  "Food & Drink": "apple",
  "Travel & Places": "car",
  Activities: "ball",
  Objects: "bulb",
  Symbols: "heart",
  Flags: "flag",
}

const tones = ["", "🏻", "🏼", "🏽", "🏾", "🏿"]
const toneNames = ["Default", "Light", "Medium-light", "Medium", "Medium-dark", "Dark"]

function SkinTones() {
  return (
    <fieldset class="emoji-tones">
      <legend class="visually-hidden">Skin tone</legend>
      {tones.map((tone, at) => (
        <label title={`${toneNames[at]} skin tone`}>
          <input type="radio" name="tone" value={tone} checked={tone === ""} class="visually-hidden" />
          <span class="visually-hidden" safe>{`${toneNames[at]}`}</span>
          <span aria-hidden="true" safe>{`✋${tone}`}</span>
        </label>
      ))}
    </fieldset>
  )
}

function EmojiCategories({ categories }: { categories: EmojiGroup[] }) {
  return (
    <div id="emoji-all">
      {categories.map(({ name, emoji }, at) => (
        <section aria-labelledby={`emoji-${at}`}>
          <h2 id={`emoji-${at}`} class="hint" tabindex="-1" safe>
            {name}
          </h2>
          <div class="emoji-found">
            {emoji.map(({ emoji, name }) => (
              <button
                type="submit"
                name="emoji"
                value={escapeHtml(emoji)}
                title={`:${escapeHtml(name)}:`}
                safe
              >
                {emoji}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
