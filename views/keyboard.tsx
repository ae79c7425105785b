import { asset } from "../src/web/assets.ts"
import { FormPanel } from "./ui.tsx"

/** Keys, as they are written on them, and what they do; several ways to the same are apart by " or ". */
type Shortcut = [keys: string, does: string]

/** What `static/keyboard.js`, `composer.js`, `roving-focus.js` and `message-keys.js` listen to. */
const sheet: { title: string; hint?: string; shortcuts: Shortcut[] }[] = [
  {
    title: "Everywhere",
    hint: "Letters and signs alone do nothing while you write, and can be turned off in the settings.",
    shortcuts: [
      ["Ctrl+K or ⌘K", "Go to a server, a channel or a person"],
      ["F6 or Shift+F6", "To the next or previous part of the page"],
      ["Alt+↑ or Alt+↓", "The channel above or below"],
      ["Alt+Shift+↑ or Alt+Shift+↓", "The next one with something unread"],
      ["Shift+PageUp", "To the first unread message"],
      ["Esc", "Mark as read, and go to the newest message"],
      ["/", "Search messages"],
      ["? or Ctrl+/", "This list"],
    ],
  },
  {
    title: "Writing",
    shortcuts: [
      ["Enter", "Send, or save an edit. On a touch screen it breaks the line"],
      ["Shift+Enter", "Break the line"],
      ["↑", "In an empty message: edit the last one you sent"],
      ["@ or # or :", "Suggest people, channels, emoji: ↑ and ↓ choose, Enter or Tab takes"],
      ["/", "At the start: commands, such as /poll"],
      ["Ctrl+B or Ctrl+I or Ctrl+E", "Bold, italic or code"],
      ["Ctrl+Shift+X or Ctrl+Shift+H", "Strikethrough or spoiler"],
      ["Esc", "Answer nothing after all"],
    ],
  },
  {
    title: "Reading",
    hint: "Shift+F6 leads there from where you write: to the newest message, or the one you were at.",
    shortcuts: [
      ["↑ or ↓", "The message before or after"],
      ["PageUp or PageDown", "As many as are seen at once"],
      ["Home or End", "The first or last of those on the page"],
      ["Tab", "To the links and buttons in the message"],
      ["Enter", "Everything that can be done with it"],
      ["r", "Reply"],
      ["e", "Edit, if it is yours"],
      ["+", "React"],
      ["t", "Reply in its thread"],
      ["p", "Pin, or unpin"],
      ["u", "Mark as unread from here"],
      ["Delete", "Delete, after asking"],
      ["Esc", "Back to where you write"],
    ],
  },
  {
    title: "Inbox",
    shortcuts: [
      ["j or ↓", "The next item"],
      ["k or ↑", "The item before"],
      ["Enter", "Open the message in its channel"],
      ["e", "Done; in the list of threads: unfollow"],
      ["u", "Undo, or move back what is done"],
      ["r", "Reply"],
    ],
  },
]

/** What the keyboard does. */
export function KeyboardPanel() {
  return (
    <FormPanel title="Keyboard shortcuts">
      <link rel="stylesheet" href={asset("settings.css")} />
      {sheet.map(({ title, hint, shortcuts }) => (
        <section class="shortcuts">
          <h2 safe>{title}</h2>
          {hint !== undefined && (
            <p class="hint" safe>
              {hint}
            </p>
          )}
          <dl>
            {shortcuts.map(([keys, does]) => (
              <div>
                <dt>
                  <Keys keys={keys} />
                </dt>
                <dd safe>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </FormPanel>
  )
}

function Keys({ keys }: { keys: string }) {
  return (
    <>
      {keys.split(" or ").map((way, at) => (
        <>
          {at > 0 && " or "}
          <kbd safe>{way}</kbd>
        </>
      ))}
    </>
  )
}
