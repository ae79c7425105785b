import type { Random } from "../random.ts"

/** Text that markup, framing and escaping could trip over. */
const awkward: [string, ...string[]] = [
  "",
  "two\nlines\n\nand a blank one",
  'a <b>bold</b> & "quoted" &amp; claim',
  "data: not an event\nid: 999999999",
  "🙂 ünïcödé שלום",
  '<?end><?start name="message-x"></template>',
  '</article><article id="message-x" data-position="1" data-seq="1">',
]
/** Long ones fill buffers: 1,500 characters that become five times as many bytes. */
const longProbability = 0.03
const long = "&".repeat(1500)
const editProbability = 0.06
const deletionProbability = 0.03

/** What one message says, and what is to become of it once it is stored. `name` makes it unlike all others. */
export function compose(name: string, random: Random) {
  const text = random.chance(longProbability) ? long : random.pick(awkward)
  const edited = random.chance(editProbability) ? `${name}, edited ${random.pick(awkward)}`.trim() : null
  return {
    content: `${name} ${text}`.trim(),
    editedContent: edited,
    isToBeDeleted: random.chance(deletionProbability),
  }
}
