import { escapeHtml } from "@kitajs/html"

/** As much of an emoji as a page shows of it. */
interface EmojiShown {
  emoji: string
  name: string
  description: string
}

/** What a search for emoji found: buttons that send the chosen one as `emoji`, for whatever form they stand in. */
export function EmojiFound({ found }: { found: EmojiShown[] }) {
  return (
    <div id="emoji-found" class="emoji-found">
      {found.length === 0 && <p class="empty">No emoji found.</p>}
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
