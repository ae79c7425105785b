/** The text of messages: what it says to ears, and what of it its reader has uncovered. */

/** What a message says, as text, without what it hides. */
export function saidIn(article) {
  return saidBy(article?.querySelector(".content")?.cloneNode(true))
}

/** The same to be seen: what reads in its own direction there does so, by the signs of `text/plain.ts`. */
export function excerptIn(article) {
  const content = article?.querySelector(".content")?.cloneNode(true)
  for (const own of content?.querySelectorAll("code, a, .mention, time") ?? []) {
    own.prepend(own.matches("code") ? "\u2066" : "\u2068")
    own.append("\u2069")
  }
  return saidBy(content).slice(0, 120)
}

function saidBy(content) {
  for (const hidden of content?.querySelectorAll(".spoiler") ?? []) hidden.replaceWith("spoiler")
  // Between blocks nothing would part what they say.
  for (const block of content?.querySelectorAll("p, li, pre, blockquote") ?? []) block.append(" ")
  return content?.textContent.replace(/\s+/g, " ").trim() ?? ""
}

/** What was uncovered or unfolded stays so in a message's next version, if that says the same. */
export function keepUncovered(fragment) {
  for (const article of fragment?.querySelectorAll?.(".message[data-position]") ?? []) {
    const known = document.getElementById(article.id)
    const [before, after] = [known, article].map(wordsOf)
    if (!before || before !== after) continue

    const boxes = known.querySelectorAll(covers)
    for (const [at, box] of article.querySelectorAll(covers).entries()) {
      box.toggleAttribute("checked", boxes[at]?.checked)
    }
  }
}

/** What it says, whatever clock its times are shown by. */
function wordsOf(article) {
  const content = article?.querySelector(".content")?.cloneNode(true)
  for (const time of content?.querySelectorAll("time") ?? []) time.textContent = time.dateTime
  return content?.textContent
}

const covers = ".spoiler > input, .unfold > input"
