import type { Random } from "../random.ts"

/** Texts that could break markup, framing or escaping. */
const trickyTexts: [string, ...string[]] = [
  "",
  "two\nlines\n\nand a blank one",
  'a <b>bold</b> & "quoted" &amp; claim',
  "data: not an event\nid: 999999999",
  "🙂 ünïcödé שלום",
  '<?end><?start name="message-x"></template>',
  '</article><article id="message-x" data-position="1" data-seq="1">',
]
/** Long texts fill buffers: 1,500 characters that escaping makes five times as long. */
const longText = "&".repeat(1500)
const longProbability = 0.03
const editProbability = 0.06
const deletionProbability = 0.03

/** The content of one message and its planned edit and deletion. `name` makes the content unique. */
export function composeMessage(name: string, random: Random) {
  const text = random.chance(longProbability) ? longText : random.pick(trickyTexts)
  const edited = random.chance(editProbability) ? `${name}, edited ${random.pick(trickyTexts)}`.trim() : null
  return {
    content: `${name} ${text}`.trim(),
    editedContent: edited,
    willBeDeleted: random.chance(deletionProbability),
  }
}
