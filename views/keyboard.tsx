import { FormPanel } from "./ui.tsx"

/** Keys, as they are written on them, and what they do; several ways to the same are apart by " or ". */
type Shortcut = [keys: string, does: string]

/** What `static/keyboard.js`, `composer.js`, `roving-focus.js` and `message-keys.js` listen to. */
const sheet: { title: string; hint?: string; shortcuts: Shortcut[] }[] = [
  {
    title: "Everywhere",
    hint: "Single-key shortcuts do nothing while you write. You can turn them off in the settings.",
    shortcuts: [
      ["Ctrl+K or ⌘K", "Go to a server, a channel or a person"],
      ["F6 or Shift+F6", "Next or previous part of the page"],
      ["Alt+↑ or Alt+↓", "Previous or next channel"],
      ["Alt+Shift+↑ or Alt+Shift+↓", "Previous or next unread channel"],
      ["Shift+PageUp", "First unread message"],
      ["Esc", "Mark as read, and go to the newest message"],
      ["/", "Search messages"],
      ["? or Ctrl+/", "This list"],
    ],
  },
  {
    title: "Writing",
    shortcuts: [
      ["Enter", "Send, or save an edit. On a touch screen it starts a new line"],
      ["Shift+Enter", "New line"],
      ["↑", "In an empty message: edit the last one you sent"],
      ["@ or # or :", "Suggest people, channels, emoji: ↑ and ↓ choose, Enter or Tab accepts"],
      ["/", "At the start: commands, such as /poll"],
      ["Ctrl+B or Ctrl+I or Ctrl+E", "Bold, italic or code"],
      ["Ctrl+Shift+X or Ctrl+Shift+H", "Strikethrough or spoiler"],
      ["Esc", "Cancel the reply"],
    ],
  },
  {
    title: "Reading",
    hint: "Press Shift+F6 in the message box to move to the messages.",
    shortcuts: [
      ["↑ or ↓", "Previous or next message"],
      ["PageUp or PageDown", "One page up or down"],
      ["Home or End", "First or last message on the page"],
      ["Tab", "Links and buttons of the message"],
      ["Enter", "All actions"],
      ["r", "Reply"],
      ["e", "Edit, if the message is yours"],
      ["+", "React"],
      ["t", "Reply in thread"],
      ["p", "Pin, or unpin"],
      ["u", "Mark as unread from here"],
      ["Delete", "Delete, after confirmation"],
      ["Esc", "Back to the message box"],
    ],
  },
  {
    title: "Inbox",
    shortcuts: [
      ["j or ↓", "Next item"],
      ["k or ↑", "Previous item"],
      ["Enter", "Open the message in its channel"],
      ["e", "Done; in the list of threads: unfollow"],
      ["u", "Mark as unread, also what is done"],
      ["z", "Undo"],
      ["r", "Reply"],
    ],
  },
]

/** What the keyboard does. */
export function KeyboardPanel() {
  return (
    <FormPanel title="Keyboard shortcuts">
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
