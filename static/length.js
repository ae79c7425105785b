/** How much room a message has left, said as it runs out. What is too long is kept as it is, and not sent. */

/** So few characters from its end it shows. */
const nearEnd = 200

export function startCounting(text) {
  const max = Number(text.dataset.maxLength)
  const note = text.form.querySelector(".length")
  const told = note.nextElementSibling
  const [shown, button] = note.children

  text.addEventListener("input", count)
  button?.addEventListener("click", attachInstead)
  count()

  function count() {
    const left = max - text.value.length
    const isOver = left < 0
    text.setCustomValidity(isOver ? `${words(left)} A message has at most ${max} characters.` : "")
    // What else is wrong with it is the server's to say.
    if (isOver || note.dataset.state === "over") text.ariaInvalid = isOver ? "true" : null
    note.hidden = left > nearEnd
    note.classList.toggle("over", isOver)
    shown.textContent = note.hidden ? "" : words(left)
    if (button) button.hidden = !isOver
    // Not with each letter to those who listen: as it comes near, and as it is too much.
    const state = note.hidden ? "" : isOver ? "over" : "near"
    if (note.dataset.state !== state) told.textContent = shown.textContent
    note.dataset.state = state
  }

  /** As it is put into the place of the text, it can be undone like anything that was typed. */
  function attachInstead() {
    const isTaken = attach(text, text.value)
    text.focus()
    if (!isTaken) return

    text.select()
    document.execCommand("delete")
  }
}

/** Hands a text to the tray beside the composer as a file. Is there one, and has it room? */
export function attach(text, content) {
  const detail = [new File([content], "message.txt", { type: "text/plain" })]
  return !text.dispatchEvent(new CustomEvent("composer:attach", { cancelable: true, detail }))
}

function words(left) {
  const count = Math.abs(left)
  const characters = `${count} character${count === 1 ? "" : "s"}`
  return left < 0 ? `${characters} too long.` : `${characters} left.`
}
